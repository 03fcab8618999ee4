"""
One database, which Django and the order core share: `DATABASE_URL`.
"""

import os
from urllib.parse import parse_qs, unquote, urlsplit

DATABASE_URL = os.environ["DATABASE_URL"]
_url = urlsplit(DATABASE_URL)
_asked = {name: values[-1] for name, values in parse_qs(_url.query).items()}

# Where the order core's tables are, which a joined storage has to be told too.
SOURCEHERE_PLACE = {n: _asked.pop(n) for n in ("schema", "prefix") if n in _asked}
_limits = ("busy_seconds", "statement_seconds", "idle_seconds", "pool_size", "pooler")

if _url.scheme == "sqlite":
    _database = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": _url.path.removeprefix("/"),
        # Whoever writes begins as a writer: one that reads first and writes then would
        # be refused at once where another wrote in between.
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 10},
    }
else:
    _database = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(_url.path.removeprefix("/")),
        "USER": unquote(_url.username or ""),
        "PASSWORD": unquote(_url.password or ""),
        "HOST": _url.hostname or "",
        "PORT": _url.port or "",
        # What the driver is told, such as `sslmode`, it is told by both.
        "OPTIONS": {n: value for n, value in _asked.items() if n not in _limits},
    }

DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["invoices"]
ROOT_URLCONF = "urls"
SECRET_KEY = os.environ.get("SECRET_KEY", "only for trying it")
ALLOWED_HOSTS = ["*"]
USE_TZ = True
