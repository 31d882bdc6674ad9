"""The incident in the forms that receivers' systems read: EIDO, CAP 1.2, the Korean forwarding JSON, the custody record."""
