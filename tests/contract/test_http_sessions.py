"""Whose certificates our connections trust, on real sockets."""

import asyncio
import os
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import aiohttp
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pointsman.adapters.http_sessions import HttpSessions
from pointsman.entrypoints.starting import CERTIFICATES, trusting_nobody

HOST = "127.0.0.1"
ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Signed by itself, with its key in the same file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    hosts = x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))])
    dated = builder.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(hours=1))
    ours = dated.add_extension(hosts, critical=False).sign(key, hashes.SHA256())
    path = tmp_path / "certificate.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(ours.public_bytes(Encoding.PEM) + secret)
    return path


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(ANSWER)
    await writer.drain()
    writer.close()


def ask(certificate: Path, sessions: HttpSessions) -> int:
    """The status of what a server with this certificate answers."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)

    async def run() -> int:
        async with await asyncio.start_server(_answer, HOST, 0, ssl=tls) as server:
            url = f"https://{HOST}:{server.sockets[0].getsockname()[1]}/"
            try:
                async with sessions.current().get(url) as answer:
                    return answer.status
            finally:
                await sessions.close()

    return asyncio.run(run())


def test_certificates_that_the_environment_names_are_trusted(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CERTIFICATES, str(certificate))
    assert ask(certificate, HttpSessions(connections=5)) == 204


def test_others_are_not(certificate: Path) -> None:
    with pytest.raises(aiohttp.ClientConnectorCertificateError):
        ask(certificate, HttpSessions(connections=5))


@pytest.mark.parametrize("is_named", [True, False])
def test_nobody_is_trusted_for_as_long_as_is_said(
    is_named: bool, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(CERTIFICATES, raising=False)
    if is_named:
        monkeypatch.setenv(CERTIFICATES, str(certificate))
    before = os.environ.get(CERTIFICATES)
    with trusting_nobody():
        distrustful = ssl.create_default_context()
    assert distrustful.get_ca_certs() == []
    assert os.environ.get(CERTIFICATES) == before
