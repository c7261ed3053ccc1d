"""Pages: Flask, one package per blueprint. The only place that knows HTTP."""
