import sys

from tests.node import main

sys.exit(main())
