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

/* A key in a token was found by its public key, which is all the disk can show. */
static gboolean
key_matches (IssRootFolder  *root,
             IssCertificate *certificate)
{
  GBytes *spki_sha256 = iss_certificate_get_spki_sha256 (certificate);
  g_autoptr(IssPrivateKey) key = NULL;

  switch (iss_key_file_get_state (root, spki_sha256))
    {
    case ISS_KEY_STATE_FILE:
      key = iss_key_file_load (root, spki_sha256, NULL);
      return key != NULL && iss_private_key_matches (key, certificate);

    case ISS_KEY_STATE_TOKEN:
      return TRUE;

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

/**
 * iss_ladder_climb:
 * @root: a server's folder
 * @assignments: what is assigned there
 * @type: (nullable): the type that the question is about; %NULL: is it just held
 * @sha256_hex: the certificate, 64 lower-case hex digits
 *
 * Looks at the disk, without any lock. A current certificate is published when
 * its key matches and live/ shows it at the assignment's revision; a previous one, which is
 * only for verifying, when live/ shows the certificate. Whether the service may read the
 * key is not looked at yet.
 *
 * Returns: the highest rung that was seen
 */
IssRung
iss_ladder_climb (IssRootFolder             *root,
                  IssAssignments            *assignments,
                  const IssCertificateType  *type,
                  const char                *sha256_hex)
{
  g_autoptr(IssCertificate) certificate = NULL;
  const IssAssignment *assignment;
  IssRung rung;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), ISS_RUNG_NONE);
  g_return_val_if_fail (ISS_IS_ASSIGNMENTS (assignments), ISS_RUNG_NONE);
  g_return_val_if_fail (sha256_hex != NULL, ISS_RUNG_NONE);

  certificate = iss_certificate_store_get (root, ISS_STORE_MY, sha256_hex, NULL);
  if (certificate == NULL)
    return ISS_RUNG_NONE;

  rung = key_matches (root, certificate) ? ISS_RUNG_KEY_MATCHES : ISS_RUNG_IN_STORE;

  assignment = type != NULL ? iss_assignments_find (assignments, type) : NULL;
  if (assignment == NULL)
    return rung;

  if (rung == ISS_RUNG_KEY_MATCHES && holds (assignment, ISS_SLOT_CURRENT, sha256_hex) &&
      iss_publication_shows (root, assignment, ISS_SLOT_CURRENT))
    return ISS_RUNG_PUBLISHED;

  if (holds (assignment, ISS_SLOT_PREVIOUS, sha256_hex) &&
      iss_publication_shows (root, assignment, ISS_SLOT_PREVIOUS))
    return ISS_RUNG_PUBLISHED;

  return rung;
}
