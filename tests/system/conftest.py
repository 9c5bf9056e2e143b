"""A real server on a database of its own."""

import pytest
from clients import CLIENTS
from world import build

from testing.odoo_process import serving


@pytest.fixture(scope="module")
def world(addon_template, module_clone):
    return build(module_clone(addon_template, "system"))


@pytest.fixture(scope="module")
def server(world):
    with serving(world["database"]) as running:
        yield running


@pytest.fixture(params=sorted(CLIENTS))
def client(request, server, world):
    """client(login): a user who comes in through each of the remote interfaces."""
    return lambda login: CLIENTS[request.param](server.url, world, login)
