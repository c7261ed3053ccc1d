"""How answers arrive: collectors, codes, QR codes, form tokens, and the only validator. Pure."""
