# what: search, read and summarise with tools
# strict: yes
hits = call_tool("search", {"query": "python"})
pages = [call_tool("read", {"id": hit}) for hit in hits]
words = " ".join(pages).lower().split()
common = sorted({w for w in words if words.count(w) > 1})
return {"hits": len(hits), "common": common}
