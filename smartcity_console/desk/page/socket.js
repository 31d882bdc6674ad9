// A WebSocket to the centre, held by a worker of its own (live-worker.js): the only thing that reaches beyond the desk.

export class LiveSocket {
  constructor(handoffId, url, protocols) {
    this.worker = new Worker(`/page/handoffs/${encodeURIComponent(handoffId)}/live.js`);
    this.worker.onmessage = ({ data }) => (data.closed === undefined ? this.onmessage?.(data) : this.end(data.closed));
    this.worker.onerror = () => this.end(1006); // it was not given: the leave is over, or the login
    this.worker.postMessage({ url, protocols });
  }

  /** End the worker, and with it the connection; told like a close by the other side. */
  close() {
    this.end(1005);
  }

  end(code) {
    if (!this.worker) return;
    this.worker.terminate();
    this.worker = null;
    queueMicrotask(() => this.onclose?.({ code }));
  }
}
