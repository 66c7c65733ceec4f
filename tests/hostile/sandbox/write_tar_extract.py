# what: unpacks an archive
import tarfile

archive = tarfile.open(CANARY_DIR + "/canary.tar")
member = archive.getmember("canary.txt").replace(name=MARKER_PATH)
archive.extract(member, "/", filter="fully_trusted")
