"""What a desk's page is compared with: a Streamlit program of one page, and on the page one title."""

from pathlib import Path

import streamlit as st

app = st.App(Path(__file__).with_name("empty_script.py"))
