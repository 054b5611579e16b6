"""A plain Dash page with one number, asked for every second: `python -m bench.glass_plain STORE_URL`."""

from __future__ import annotations

import json
import sys
import threading

import redis
from dash import Dash, Input, Output, dcc, html
from werkzeug.serving import make_server


def main(store_url: str) -> None:
    """Serve on a free port until standard input ends."""
    client = redis.Redis.from_url(store_url, decode_responses=True)
    app = Dash("plain", serve_locally=True)
    app.layout = html.Div([html.Div("", id="value"), dcc.Interval(id="tick", interval=1_000)])

    @app.callback(Output("value", "children"), Input("tick", "n_intervals"))
    def value(_: int | None) -> str:
        return str(client.get("bench-plain") or "")

    server = make_server("127.0.0.1", 0, app.server, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps({"port": server.server_port}), flush=True)
    sys.stdin.read()
    server.shutdown()


if __name__ == "__main__":
    main(sys.argv[1])
