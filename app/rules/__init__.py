"""The pure rules: a screen goes in, findings, a status and an explained plan come out."""
