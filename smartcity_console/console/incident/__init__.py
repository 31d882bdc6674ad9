"""The strip of the selected incident: steps, history, evidence, verdict, hand-off and its receipts."""
