# what: reads from an archive with the importer of archives
import zipimport

zipimport.zipimporter(CANARY_DIR + "/canary.zip").get_data("canary.txt")
