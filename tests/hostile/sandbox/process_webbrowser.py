# what: has a browser of its choice started
import webbrowser

webbrowser.GenericBrowser(["sh", "-c", "echo >" + MARKER_PATH + " # %s"]).open("x")
