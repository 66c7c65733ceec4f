# what: reads an ini file
import configparser

parser = configparser.ConfigParser()
parser.read(CANARY_DIR + "/canary.ini")
parser["canary"]["value"]
