"""How ``phieu serve`` holds connections: a worker of gunicorn whose threads never wait for a client."""
