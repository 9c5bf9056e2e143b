"""Remote clients of a running Odoo, all with one signature.

`call(model, method, ids=None, context=None, **arguments)`; a refusal of any kind
raises `Refused` with what Odoo said.
"""

import xmlrpc.client

import requests

TIMEOUT = 120


class Refused(Exception):
    """Odoo answered with an error; `kind` is the exception's class where it says."""

    def __init__(self, message, kind=""):
        super().__init__(message)
        self.kind = kind


def positional(method, ids, arguments):
    """`execute_kw` takes the ids first, and for `create` what to create."""
    if method == "create":
        return [arguments.pop("vals_list")]
    return [] if ids is None else [ids]


class Client:
    """A user of a database on a server."""

    def __init__(self, url, world, login):
        self.url = url
        self.database = world["database"]
        self.login = login
        self.uid = world["users"][login]
        self.password = world["password"]
        self.key = world["keys"][login]


class XmlRpc(Client):
    """The classic external API."""

    def call(self, model, method, ids=None, context=None, **arguments):
        proxy = xmlrpc.client.ServerProxy(
            f"{self.url}/xmlrpc/2/object", allow_none=True
        )
        first = positional(method, ids, arguments)
        if context is not None:
            arguments["context"] = context
        with proxy:
            try:
                return proxy.execute_kw(
                    *(self.database, self.uid, self.password),
                    *(model, method, first, arguments),
                )
            except xmlrpc.client.Fault as fault:
                raise Refused(fault.faultString, str(fault.faultCode)) from fault


class JsonRpc(Client):
    """The same through JSON."""

    def call(self, model, method, ids=None, context=None, **arguments):
        first = positional(method, ids, arguments)
        if context is not None:
            arguments["context"] = context
        credentials = (self.database, self.uid, self.password)
        answer = requests.post(
            f"{self.url}/jsonrpc",
            json={
                "jsonrpc": "2.0",
                "method": "call",
                "params": {
                    "service": "object",
                    "method": "execute_kw",
                    "args": [*credentials, model, method, first, arguments],
                },
            },
            timeout=TIMEOUT,
        ).json()
        if "error" in answer:
            data = answer["error"]["data"]
            raise Refused(data["message"], data["name"])
        return answer["result"]


class Json2(Client):
    """The API of Odoo 19: named arguments and an API key."""

    def call(self, model, method, ids=None, context=None, **arguments):
        body = dict(arguments)
        if ids is not None:
            body["ids"] = ids
        if context is not None:
            body["context"] = context
        answer = requests.post(
            f"{self.url}/json/2/{model}/{method}",
            json=body,
            headers={"Authorization": f"bearer {self.key}"},
            timeout=TIMEOUT,
        )
        if answer.status_code != 200:
            said = answer.json()
            raise Refused(said.get("message", answer.text), said.get("name", ""))
        return answer.json()


CLIENTS = {"xmlrpc": XmlRpc, "jsonrpc": JsonRpc, "json2": Json2}
