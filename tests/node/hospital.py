"""One hospital for all tests of a run: the providers' addresses, and somebody who signs in there."""

import datetime as dt
import ipaddress
import json
import re
import socket
import subprocess
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urljoin

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from intervision import hospital
from tests import node

SITE = "http://testserver"
ENTITY = "urn:hospital:north"


def pair(*, address: str = "") -> dict[str, str]:
    """A key, and a certificate of it that it signed itself; of a server at ``address``, too."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hospital")])
    begins = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(begins).not_valid_after(begins + dt.timedelta(days=36500))
    if address:
        there = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
        made = made.add_extension(there, critical=False)
    plain = (
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    return {
        "key": key.private_bytes(*plain).decode(),
        "certificate": made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode(),
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@dataclass
class Hospital:
    port: int = field(default_factory=free_port)
    keys: dict[str, str] = field(default_factory=pair)
    client: str = "intervision"
    secret: str = "a secret between the two of them"
    #: Where it sends people back to.
    site: str = SITE

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def open_id(self, issuer: str = "") -> dict[str, Any]:
        """Settings as the environment gives them."""
        made = hospital.openid_connect(
            issuer=issuer or self.issuer, client_id=self.client, secret=self.secret, name="North"
        )
        return {"openid_connect": made}

    def saml(self, way: str = "") -> dict[str, Any]:
        sign_on = f"{self.issuer}/saml{way}"
        idp = hospital.by_certificate(ENTITY, sign_on, self.keys["certificate"])
        return {"saml": hospital.saml(idp=idp, subject="", name="North")}

    def saml_by_metadata(self, address: str) -> dict[str, Any]:
        """The same, known by where its metadata are."""
        return {"saml": hospital.saml(idp=hospital.by_metadata(ENTITY, address), subject="", name="North")}

    def start(self) -> "subprocess.Popen[str]":
        issuers = (self.issuer, f"{self.issuer}/elsewhere")
        callbacks = [
            f"{self.site}/accounts/oidc/{hospital.made_from('oidc', issuer)}/login/callback/"
            for issuer in issuers
        ]
        acs = f"{self.site}/accounts/saml/{hospital.SLUG}/acs/"
        told = {"port": self.port, "client": self.client, "secret": self.secret, "callbacks": callbacks}
        told |= self.keys | {"strangers": pair(), "entity": ENTITY, "acs": acs}
        command = [*node.program(), "--no-deprecation", "providers.mjs", json.dumps(told)]
        started = subprocess.Popen(
            command, cwd=node.HERE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert started.stdout is not None
        assert "ready" in started.stdout.readline(), "the providers did not start"
        return started


def signs_in_there(address: str, subject: str, browser: requests.Session | None = None) -> str:
    """Go where we were sent, say who one is and agree, where that is asked; the address one is then sent back to."""
    browser = browser or requests.Session()
    answer = browser.get(address, allow_redirects=False, timeout=60)
    for _ in range(20):
        if answer.is_redirect:
            onward = urljoin(answer.url, answer.headers["Location"])
            if onward.startswith(SITE):
                return onward.removeprefix(SITE)
            answer = browser.get(onward, allow_redirects=False, timeout=60)
            continue
        form = re.search(r'<form[^>]*action="([^"]+)"', answer.text)
        prompt = re.search(r'name="prompt" value="(\w+)"', answer.text)
        assert form is not None, answer.text
        assert prompt is not None, answer.text
        filled = {"prompt": prompt.group(1), "login": subject, "password": "anything"}
        action = urljoin(answer.url, unescape(form.group(1)))
        answer = browser.post(action, filled, allow_redirects=False, timeout=60)
    raise AssertionError("the provider never sent anybody back")


def asserts(address: str, subject: str) -> dict[str, str]:
    """Go where we were sent, and take the form that would be posted back."""
    answer = requests.get(address, {"as": subject}, timeout=60)
    assert answer.status_code == 200, answer.text
    fields = re.findall(r'name="(\w+)"\s+value="([^"]*)"', answer.text)
    form = {name: unescape(value) for name, value in fields}
    assert form["SAMLResponse"], answer.text
    return form
