"""Certificates of 127.0.0.1 that nobody trusts who is not told to."""

import ssl
import subprocess
import tempfile
from pathlib import Path


class SelfMade:
    """A certificate that is its own authority; its files are gone with it."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.file, key = Path(self._folder.name) / "own.pem", Path(self._folder.name) / "own.key"
        command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        command += ["-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
        command += ["-keyout", str(key), "-out", str(self.file)]
        subprocess.run(command, check=True, capture_output=True)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.file, key)
