"""
Starts localstripe on a free port of this machine, and prints it.

It keeps nothing on disk: by itself it writes all it has into one file of the folder for
temporary files, whoever runs it.
"""

import socket

from aiohttp import web
from localstripe import resources, server

resources.Store.dump_to_disk = lambda _: None
door = socket.create_server(("127.0.0.1", 0))
print("LISTENING", door.getsockname()[1], flush=True)
web.run_app(server.app, sock=door, print=None, access_log=None)
