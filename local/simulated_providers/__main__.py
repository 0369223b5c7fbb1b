"""`python -m local.simulated_providers --port 8101`: all simulated providers on loopback."""

import argparse
import os
import socket
import struct
from pathlib import Path
from typing import Any

import uvicorn
from pointsman.adapters.registry_yaml import read_cards

from local.simulated_providers.dialects import DIALECTS
from local.simulated_providers.pace import Clock, Pace
from local.simulated_providers.server import KnownModels, create_app

_LINGER_ZERO = struct.pack("ii", 1, 0)


def main() -> None:
    """POINTSMAN_SIM_SPEED is how many times faster than a plausible model to answer; `inf` waits for nothing.

    POINTSMAN_SIM_SPREAD is how far first tokens vary: with 0.55 one in 20 takes 2.5 times as long as the median.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--registry", type=Path, help="folder of the seed registry: only its models are known")
    parser.add_argument("--keyless", action="append", default=[], help="a provider that asks for no key")
    arguments = parser.parse_args()
    _serve(
        port=arguments.port,
        clock=Clock(
            speed=float(os.environ.get("POINTSMAN_SIM_SPEED", "1")),
            spread=float(os.environ.get("POINTSMAN_SIM_SPREAD", "0")),
        ),
        known_models=_read_models(arguments.registry) if arguments.registry else None,
        keyless=frozenset(arguments.keyless),
    )


def _read_models(folder: Path) -> KnownModels:
    known: dict[str, dict[str, Pace]] = {}
    for card in read_cards(folder):
        for endpoint in card.endpoints:
            pace = Pace(card.speed.ttft_ms, card.speed.tokens_per_s)
            known.setdefault(endpoint.provider, {})[endpoint.upstream_model] = pace
    return known


def _serve(*, port: int, **settings: Any) -> None:
    app = create_app(DIALECTS.values(), reset_connection=lambda address: _reset(server, address), **settings)
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", timeout_graceful_shutdown=1)
    )
    server.run()


def _reset(server: uvicorn.Server, address: tuple[str, int]) -> None:
    """Without a lingering close the peer sees `connection reset`, not a polite end."""
    for connection in list(server.server_state.connections):
        transport: Any = getattr(connection, "transport", None)
        if transport is not None and transport.get_extra_info("peername")[:2] == address:
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
            transport.abort()


if __name__ == "__main__":
    main()
