/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/replication/ladder.h"

#include "core/assignment/publication.h"
#include "core/store/certificate-store.h"
#include "core/store/key-file.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  const char *name;
  const char *label;
} RungName;

static const RungName rung_names[] =
{
  [ISS_RUNG_NONE]        = { "none",        N_("nothing") },
  [ISS_RUNG_RECEIVED]    = { "received",    N_("received") },
  [ISS_RUNG_DECRYPTED]   = { "decrypted",   N_("decrypted") },
  [ISS_RUNG_IN_STORE]    = { "in-store",    N_("in store") },
  [ISS_RUNG_KEY_MATCHES] = { "key-matches", N_("key matches") },
  [ISS_RUNG_READABLE]    = { "readable",    N_("readable by the service") },
  [ISS_RUNG_PUBLISHED]   = { "published",   N_("published") },
  [ISS_RUNG_SEEN_IN_USE] = { "seen-in-use", N_("seen in use") },
};

G_STATIC_ASSERT (G_N_ELEMENTS (rung_names) == ISS_N_RUNGS);

/**
 * iss_rung_get_name:
 * @self: a rung
 *
 * Returns: (transfer none): its word for machines
 */
const char *
iss_rung_get_name (IssRung self)
{
  g_return_val_if_fail ((guint) self < ISS_N_RUNGS, NULL);

  return rung_names[self].name;
}

/**
 * iss_rung_get_label:
 * @self: a rung
 *
 * Returns: (transfer none): its word on the screen, translated
 */
const char *
iss_rung_get_label (IssRung self)
{
  g_return_val_if_fail ((guint) self < ISS_N_RUNGS, NULL);

  return _(rung_names[self].label);
}

static gboolean
key_matches (IssRootFolder  *root,
             IssCertificate *certificate,
             gboolean        token_matches)
{
  GBytes *spki_sha256 = iss_certificate_get_spki_sha256 (certificate);
  g_autoptr(IssPrivateKey) key = NULL;

  switch (iss_key_file_get_state (root, spki_sha256))
    {
    case ISS_KEY_STATE_FILE:
      key = iss_key_file_load (root, spki_sha256, NULL);
      return key != NULL && iss_private_key_matches (key, certificate);

    case ISS_KEY_STATE_TOKEN:
      return token_matches;

    case ISS_KEY_STATE_NONE:
      return FALSE;
    }

  return FALSE;
}

static gboolean
holds (const IssAssignment *assignment,
       IssSlot              slot,
       const char          *sha256_hex)
{
  return g_strcmp0 (assignment->slot[slot], sha256_hex) == 0;
}

/* (nullable): below live/, for a type that uses a certificate of this key now */
static char *
dup_published (IssRootFolder  *root,
               IssCertificate *certificate)
{
  g_autoptr(IssAssignments) assignments = iss_assignments_load (root, NULL);

  for (guint i = 0; assignments != NULL && i < iss_assignments_get_n (assignments); i++)
    {
      const IssAssignment *assignment = iss_assignments_get (assignments, i);

      if (holds (assignment, ISS_SLOT_CURRENT, iss_certificate_get_sha256_hex (certificate)))
        return g_build_filename ("live", assignment->type->name, NULL);
    }

  return NULL;
}

/**
 * iss_ladder_read_access:
 * @root: a server's folder
 * @certificate: a certificate
 * @error: return location for an error, as of iss_key_access_read()
 *
 * Returns: (transfer full): who may read its private key, by permissions
 */
IssKeyAccess *
iss_ladder_read_access (IssRootFolder   *root,
                        IssCertificate  *certificate,
                        GError         **error)
{
  g_autofree char *published = NULL;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), NULL);
  g_return_val_if_fail (ISS_IS_CERTIFICATE (certificate), NULL);

  published = dup_published (root, certificate);
  return iss_key_access_read (root, iss_certificate_get_spki_sha256 (certificate), published,
                              error);
}

/* By an account that is not the owner's: that is what a service has. */
static gboolean
is_readable (IssRootFolder  *root,
             IssCertificate *certificate)
{
  g_autoptr(IssKeyAccess) access = iss_ladder_read_access (root, certificate, NULL);
  g_auto(GStrv) readers = access != NULL ? iss_key_access_dup_readers (access) : NULL;

  return readers != NULL && readers[0] != NULL;
}

/**
 * iss_ladder_dup_readers:
 * @root: a server's folder
 * @sha256_hex: a certificate, 64 lower-case hex digits
 *
 * Returns: (transfer full) (nullable): "daemon, rtc-service": accounts beside the owner that may
 *   read its private key, by permissions; %NULL if there are none
 */
char *
iss_ladder_dup_readers (IssRootFolder *root,
                        const char    *sha256_hex)
{
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(IssKeyAccess) access = NULL;
  g_auto(GStrv) readers = NULL;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), NULL);
  g_return_val_if_fail (sha256_hex != NULL, NULL);

  certificate = iss_certificate_store_get (root, ISS_STORE_MY, sha256_hex, NULL);
  access = certificate != NULL ? iss_ladder_read_access (root, certificate, NULL) : NULL;
  readers = access != NULL ? iss_key_access_dup_readers (access) : NULL;

  return readers != NULL && readers[0] != NULL ? g_strjoinv (", ", readers) : NULL;
}

/**
 * iss_ladder_climb:
 * @root: a server's folder
 * @assignments: what is assigned there
 * @type: (nullable): the type that the question is about; %NULL: is it just held
 * @sha256_hex: the certificate, 64 lower-case hex digits
 * @token_matches: whether its key is known to match, if it is in a token
 *
 * Looks at the disk, without any lock. A current certificate is published when
 * its key matches and live/ shows it at the assignment's revision; a staged one likewise, when
 * it is among the keys for verifying; a previous one, which is only for verifying, when live/
 * shows the certificate. It is readable when an account beside
 * the owner may read the key, by permissions; what is published may not be.
 *
 * Returns: the highest rung that was seen
 */
IssRung
iss_ladder_climb (IssRootFolder             *root,
                  IssAssignments            *assignments,
                  const IssCertificateType  *type,
                  const char                *sha256_hex,
                  gboolean                   token_matches)
{
  g_autoptr(IssCertificate) certificate = NULL;
  const IssAssignment *assignment;
  gboolean has_key;
  IssRung rung;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), ISS_RUNG_NONE);
  g_return_val_if_fail (ISS_IS_ASSIGNMENTS (assignments), ISS_RUNG_NONE);
  g_return_val_if_fail (sha256_hex != NULL, ISS_RUNG_NONE);

  certificate = iss_certificate_store_get (root, ISS_STORE_MY, sha256_hex, NULL);
  if (certificate == NULL)
    return ISS_RUNG_NONE;

  rung = key_matches (root, certificate, token_matches) ? ISS_RUNG_KEY_MATCHES
                                                        : ISS_RUNG_IN_STORE;
  has_key = rung == ISS_RUNG_KEY_MATCHES;
  if (has_key && is_readable (root, certificate))
    rung = ISS_RUNG_READABLE;

  assignment = type != NULL ? iss_assignments_find (assignments, type) : NULL;
  if (assignment == NULL)
    return rung;

  if (has_key && holds (assignment, ISS_SLOT_CURRENT, sha256_hex) &&
      iss_publication_shows (root, assignment, ISS_SLOT_CURRENT))
    return ISS_RUNG_PUBLISHED;

  /* Before it signs, others have to know it; and it must be able to sign then. */
  if (has_key && holds (assignment, ISS_SLOT_STAGED, sha256_hex) &&
      iss_publication_shows (root, assignment, ISS_SLOT_STAGED))
    return ISS_RUNG_PUBLISHED;

  if (holds (assignment, ISS_SLOT_PREVIOUS, sha256_hex) &&
      iss_publication_shows (root, assignment, ISS_SLOT_PREVIOUS))
    return ISS_RUNG_PUBLISHED;

  return rung;
}
