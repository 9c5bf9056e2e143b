"""What the container's own configuration makes Odoo say on another machine."""

import pytest

from testing import odoo_log
from testing.paths import logs

# The shipped file names a folder of the image; the first start tries a password
# that must not work.
SAID = r"no such directory '/opt/addons'|odoo\.http: Access Denied"


@pytest.fixture(scope="session", autouse=True)
def expected_lines():
    yield
    for log in logs().glob("docker-*.log"):
        odoo_log.expect(log, SAID)
