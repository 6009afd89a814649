"""moto's server, with what moto leaves out of KMS: signing a digest (MessageType DIGEST)."""

import sys
import threading

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, utils
from moto.kms import responses
from moto.kms.utils import ECDSAPrivateKey, RSAPrivateKey
from moto.server import main

HASHES = {"256": hashes.SHA256(), "384": hashes.SHA384()}
request = threading.local()


def sign_request(self, moto_sign=responses.KmsResponse.sign):
    request.message_type = self._get_param("MessageType")
    return moto_sign(self)


def sign_with_ecdsa(self, message, signing_algorithm, moto_sign=ECDSAPrivateKey.sign):
    if request.message_type != "DIGEST":
        return moto_sign(self, message, signing_algorithm)
    prehashed = utils.Prehashed(HASHES[signing_algorithm[-3:]])
    return self.private_key.sign(message, ec.ECDSA(prehashed))


def sign_with_rsa(self, message, signing_algorithm, moto_sign=RSAPrivateKey.sign):
    if request.message_type != "DIGEST" or not signing_algorithm.startswith("RSASSA_PSS"):
        return moto_sign(self, message, signing_algorithm)
    digest = HASHES[signing_algorithm[-3:]]
    pss = padding.PSS(padding.MGF1(digest), padding.PSS.DIGEST_LENGTH)
    return self.private_key.sign(message, pss, utils.Prehashed(digest))


responses.KmsResponse.sign = sign_request
ECDSAPrivateKey.sign = sign_with_ecdsa
RSAPrivateKey.sign = sign_with_rsa
main(sys.argv[1:])
