def first_company(env):
    """The company to which belongs what names none: the oldest one of the database."""
    return env["res.company"].sudo().search([], order="id", limit=1)
