"""Every SELECT and INSERT, a module per family. A query takes a Session first and returns what its one caller needs."""
