// Fetches one live view for the page. The server sends this file once for each view, with a policy under which it may open
// the address of that hand-off's centre and no other; the page itself may talk to its own server alone.

const INSECURE = -1; // a page over TLS may not open this address: it is in clear

self.onmessage = ({ data: { url, protocols } }) => {
  let socket;
  try {
    socket = new WebSocket(url, protocols);
  } catch {
    return self.postMessage({ closed: INSECURE });
  }
  socket.binaryType = "arraybuffer";
  socket.onmessage = ({ data }) => self.postMessage({ data }, typeof data === "string" ? [] : [data]);
  socket.onclose = ({ code }) => self.postMessage({ closed: code });
};
