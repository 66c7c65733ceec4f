# what: reads a file with the loader that a module carries
import csv

csv.__loader__.get_data(CANARY_PATH)
