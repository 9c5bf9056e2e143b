"""A receiver of events: a real web server in a thread, which answers as it is told."""

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from unittest.mock import patch

from odoo.addons.base.models.ir_cron import IrCron

from ..models.source.crm_webhook import PRIVATE_PARAMETER
from .common import FirmCase
from .stage_rule_common import StageRuleMixin


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server = self.server
        server.received.append((dict(self.headers), body))
        status, headers, text = server.answer(json.loads(body))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *args):
        """Keep the log of the tests quiet."""


class Receiver(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.received = []
        self.statuses = {}
        self.status = 200
        Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        """A client that hangs up is no news."""

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/events"

    def answer(self, payload):
        """Status, headers and body for a payload; ``statuses`` goes by lead name."""
        name = payload.get("opportunity", {}).get("name")
        status = self.statuses.get(name, self.status)
        headers = {"Location": "/elsewhere"} if 300 <= status < 400 else {}
        if status == 429:
            headers["Retry-After"] = "900"
        return status, headers, b"thanks" if status < 300 else b"no\nthanks"

    @property
    def payloads(self):
        return [json.loads(body) for _headers, body in self.received]

    @property
    def events(self):
        return [payload["event"] for payload in self.payloads]

    def close(self):
        self.shutdown()
        self.server_close()


class WebhookCase(StageRuleMixin, FirmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for model in ("crm.webhook", "crm.stage.rule", "crm.stage.action"):
            cls.env[model].search([]).active = False
        cls.deliveries = cls.env["crm.webhook.delivery"]
        cls.env["ir.config_parameter"].set_param(PRIVATE_PARAMETER, "True")

    def setUp(self):
        super().setUp()
        self.receiver = self._receiver()

    def _receiver(self):
        receiver = Receiver()
        self.addCleanup(receiver.close)
        return receiver

    def _webhook(self, **values):
        return self.env["crm.webhook"].create(
            {
                "name": "Test Hook",
                "url": self.receiver.url,
                "company_id": self.company.id,
                "user_id": self.manager.id,
                "on_rule_blocked": True,
                **values,
            }
        )

    def _written(self, records=None):
        """The deliveries of leads (or webhooks), in the order of their writing."""
        domain = []
        if records is not None:
            name = "lead_id" if records._name == "crm.lead" else "webhook_id"
            domain = [(name, "in", records.ids)]
        return self.deliveries.search(domain, order="id")

    def _told(self, records=None):
        return self._written(records).mapped("event")

    @contextmanager
    def _no_commit(self):
        """Let a scheduled action run inside the transaction of the test."""
        with patch.object(
            IrCron, "_commit_progress", lambda cron, *args, **options: 1e6
        ):
            yield

    def _deliver(self):
        self.env.flush_all()
        with self._no_commit():
            self.deliveries._cron_deliver()
        self.env.invalidate_all()
