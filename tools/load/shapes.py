"""The shapes of data that can be loaded, told apart by the files of a folder."""

from . import bpic2012, maven_crm
from .errors import LoadError

SHAPES = {"bpic2012": bpic2012, "maven_crm": maven_crm}


def read(folder, findings):
    """Give the `Dataset` of a folder; everything is read before anything is loaded."""
    if not folder.is_dir():
        raise LoadError(f"{folder} is not a folder: give DATA=folder")
    for shape in SHAPES.values():
        if all((folder / name).is_file() for name in shape.FILES):
            return shape.read(folder, findings)
    known = "; ".join(
        f"{name} ({', '.join(shape.FILES)})" for name, shape in SHAPES.items()
    )
    raise LoadError(f"{folder} has no shape that can be loaded. Known are: {known}")
