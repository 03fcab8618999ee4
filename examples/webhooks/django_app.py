"""
Webhooks of shops, received beside a Django project.

    SOURCEHERE_DB=sqlite:///orders.db uvicorn django_app:app --port 8000

Shops post to `/hooks/SELLER/STORE`. In a project of yours this is `asgi.py`, and
`settings.configure` is its settings.
"""

import os

import django
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path

import sourcehere
from sourcehere.receiver import Receive, Scope, Send, WebhookReceiver

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"])
django.setup()

# The environment variables that configurations of shops may refer to.
secrets = sourcehere.Secrets(env=["SHOP_TOKEN", "SHOP_SECRET"])
sh = sourcehere.open(os.environ["SOURCEHERE_DB"], secrets=secrets)
receiver = WebhookReceiver(sh)


def health(_: HttpRequest) -> JsonResponse:
    """
    Say that the application is there.
    """
    return JsonResponse({"status": "ok"})


urlpatterns = [path("health", health)]
pages = get_asgi_application()


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """
    Give webhooks to the receiver, and everything else to Django.
    """
    if scope["type"] == "lifespan" or scope["path"].startswith("/hooks/"):
        await receiver(scope, receive, send)
    else:
        await pages(scope, receive, send)
