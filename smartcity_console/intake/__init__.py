"""How alerts arrive: one package per protocol, the register of senders, and what makes alerts one incident."""
