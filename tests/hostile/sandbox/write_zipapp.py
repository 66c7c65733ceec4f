# what: packs a folder into an application
import zipapp

zipapp.create_archive(CANARY_DIR, MARKER_PATH, main="canary_module:VALUE")
