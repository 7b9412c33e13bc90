"""The empty page's script."""

import streamlit as st

st.title("たすき")
