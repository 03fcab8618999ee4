"""
One database, which Django and the order core share: `DATABASE_URL`.
"""

import os
from urllib.parse import parse_qs, unquote, urlsplit

DATABASE_URL = os.environ["DATABASE_URL"]
_url = urlsplit(DATABASE_URL)
_asked = {name: values[-1] for name, values in parse_qs(_url.query).items()}

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
        "NAME": _url.path.removeprefix("/"),
        "USER": unquote(_url.username or ""),
        "PASSWORD": unquote(_url.password or ""),
        "HOST": _asked.get("host") or _url.hostname or "",
        "PORT": _url.port or "",
    }

DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["invoices"]
ROOT_URLCONF = "urls"
SECRET_KEY = os.environ.get("SECRET_KEY", "only for trying it")
ALLOWED_HOSTS = ["*"]
USE_TZ = True
