"""Printed forms: plain data in, PDF bytes out; printing never changes state.

`render_here(kind, data)` makes one sheet in this process; `render(kind, data)` and `render_pack(forms)` make
packs in another one. The forms' data are the frozen structs of `dvc_core.forms.data`.
"""

from dvc_core.forms.apart import render, render_pack
from dvc_core.forms.data import FORMS, Form, kind_of
from dvc_core.forms.problems import PrintCancelled, PrintError
from dvc_core.forms.typesetting import render_here, render_pack_here

__all__ = [
    "FORMS",
    "Form",
    "PrintCancelled",
    "PrintError",
    "kind_of",
    "render",
    "render_here",
    "render_pack",
    "render_pack_here",
]
