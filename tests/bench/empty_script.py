"""The empty page's script: a title, and as many lines and fields as the benchmark asks for."""

import os

import streamlit as st

st.title("たすき")
for n in range(int(os.environ.get("TASUKI_BENCH_ELEMENTS", "0"))):
    if n % 2:
        st.text_input(f"欄 {n}", key=f"field-{n}")
    else:
        st.markdown(f"行 {n}")
