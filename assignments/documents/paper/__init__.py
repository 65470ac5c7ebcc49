"""Sheets and keys on paper: texts as Typst source (`prose`, `sheet`, `key`) and Typst's compiler (`compiler`)."""
