# Ends with success where an address of `ip -o address` lies in one of the networks.
{ if (in_networks($4)) found = 1 }
END { exit !found }
