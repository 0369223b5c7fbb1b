"""Lets containers reach what listens on this machine's loopback: run as a program with an address and ports.

Docker Desktop leads `host.docker.internal` there by itself. On Linux that name leads to the bridge's own address, where
these ports are passed on; nobody but this machine's containers comes by there.
"""

import asyncio
import json
import subprocess
import sys
from contextlib import closing, suppress
from ipaddress import ip_network

from local.ports import LOOPBACK
from local.service import Service

HOST = "host.docker.internal"
_FIND_GATEWAY = ("docker", "network", "inspect", "bridge", "--format", "{{json (index .IPAM.Config 0)}}")
_PIECE_BYTES = 65_536


class DockerError(Exception):
    """There is no Docker engine to talk to."""


def plan_bridge(*ports: int, health_path: str) -> Service | None:
    """`health_path` is asked at the first port. None where none is needed; DockerError where there is no engine."""
    gateway = _find_gateway()
    if sys.platform != "linux":
        return None
    command = (sys.executable, "-m", "local.container_bridge", gateway, *map(str, ports))
    return Service("bridge", command, env={}, health_url=f"http://{gateway}:{ports[0]}{health_path}")


def _find_gateway() -> str:
    try:
        found = subprocess.run(_FIND_GATEWAY, capture_output=True, text=True, check=True, timeout=30)
    except FileNotFoundError as error:
        raise DockerError("docker is not installed") from error
    except subprocess.SubprocessError as error:
        raise DockerError("there is no Docker engine: is it running, and does DOCKER_HOST name it?") from error
    network = json.loads(found.stdout)
    # A fresh engine names no gateway: it is the first address then.
    return network.get("Gateway") or str(ip_network(network["Subnet"])[1])


async def pass_on(address: str, port: int) -> asyncio.Server:
    """Connections to the port at `address` are led to the same port on loopback."""

    async def lead(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A peer that hangs up ends its own connection alone.
        with suppress(OSError), closing(writer):
            from_there, to_there = await asyncio.open_connection(LOOPBACK, port)
            with closing(to_there):
                await asyncio.gather(_pour(reader, to_there), _pour(from_there, writer))

    return await asyncio.start_server(lead, address, port)


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while piece := await reader.read(_PIECE_BYTES):
        writer.write(piece)
        await writer.drain()
    writer.write_eof()


async def _serve(address: str, ports: list[int]) -> None:
    servers = [await pass_on(address, port) for port in ports]
    await asyncio.gather(*(server.serve_forever() for server in servers))


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], [int(port) for port in sys.argv[2:]]))
