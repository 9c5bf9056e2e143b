class LeadPart:
    """A part of what a room adds to ``crm.lead``: methods, in a file of its own.

    Not an extension of the model: Odoo sets attributes of a model's class again for
    every extension that it has, and CPython gives a class that was changed a thousand
    times no cache for its attributes any more. Some twenty extensions made everything
    on opportunities two to three times slower. So each room has one extension, which
    holds the fields and has its parts as bases; what a part extends with ``super``
    is in a later part, in another room or in Odoo.
    """

    __slots__ = ()
