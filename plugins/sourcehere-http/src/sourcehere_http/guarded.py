"""
That a URL which a seller typed does not lead into the host's own network.

The name is looked up once, every address of it has to be public, and the connection is
made to the address that was looked at: a name that answers otherwise the second time
gains nothing. Redirects are not followed at all.
"""

import ipaddress
import socket
from collections.abc import Collection

import httpx2

# Where an address of IPv4 stands within one of IPv6: a gateway leads there. By the
# bits behind it.
_EMBEDDED = (
    (ipaddress.IPv6Network("64:ff9b::/96"), 0),  # NAT64
    (ipaddress.IPv6Network("64:ff9b:1::/48"), 0),
    (ipaddress.IPv6Network("::ffff:0:0/96"), 0),  # mapped
    (ipaddress.IPv6Network("::ffff:0:0:0/96"), 0),  # translated
    (ipaddress.IPv6Network("::/96"), 0),  # compatible
)
# Nobody's on the internet, though Python takes some of them for public, and Pythons
# differ on which: by IANA's registries of special addresses.
_NOBODYS = tuple(
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24",  # of protocols; clouds answer there
        "192.88.99.0/24",  # 6to4, whose gateways are gone (RFC 7526)
        "168.63.129.16/32",  # Azure's own, within each machine's network
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
    )
)


class PrivateAddressError(Exception):
    """
    A URL leads to an address that is not public.
    """


class UnknownHostError(httpx2.ConnectError):
    """
    No name server knows the host, or none answers. The message holds nothing but the
    host's name.
    """


class GuardedTransport(httpx2.BaseTransport):
    """
    The network, as far as it is public.

    Args:
        private_hosts: Hosts that may be asked although they are not public, such as
            `localhost` or `10.0.0.7`: the operator's own.
    """

    def __init__(self, private_hosts: Collection[str] = ()) -> None:
        self._private = frozenset(host.lower() for host in private_hosts)
        self._inner = httpx2.HTTPTransport()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """
        Ask the host at the address that was looked at.

        Raises:
            PrivateAddressError: If one of its addresses is not public.

            UnknownHostError: If the host has no address.
        """
        host = request.url.host.lower()
        if host not in self._private:
            address = _public_address(request)
            request.extensions = {**request.extensions, "sni_hostname": host}
            request.url = request.url.copy_with(host=address)
        return self._inner.handle_request(request)

    def close(self) -> None:
        """
        Close the connections.
        """
        self._inner.close()


def is_public(address: str) -> bool:
    """
    Tell whether an address is one machine's of the internet, also as IPv6 writes one of
    IPv4.
    """
    found = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    if not found.is_global or found.is_multicast:
        return False
    if any(found in network for network in _NOBODYS):
        return False
    if isinstance(found, ipaddress.IPv4Address):
        return True
    if found.is_site_local:
        return False
    embedded = [behind for network, behind in _EMBEDDED if found in network]
    return all(
        is_public(str(ipaddress.IPv4Address(int(found) >> behind & 0xFFFFFFFF)))
        for behind in embedded
    )


def _public_address(request: httpx2.Request) -> str:
    host, port = request.url.host, request.url.port
    try:
        found = socket.getaddrinfo(host, port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        msg = f"{host} is not known"
        raise UnknownHostError(msg, request=request) from error
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        if not is_public(address):
            # Without the address: sellers would learn those of the host's network.
            msg = (
                f"{host} is not at a public address; an operator allows it by"
                " `private_hosts`, or SOURCEHERE_PRIVATE_HOSTS at a shell"
            )
            raise PrivateAddressError(msg)
    return addresses[0]
