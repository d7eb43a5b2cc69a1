/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/witness.h"

#include "core/base/text.h"

#define MAX_SENTENCE 1024

struct _IssWitness
{
  GHashTable *proofs;   /* GBytes -> IssWitnessed */
  GHashTable *uses;     /* type -> IssWitnessed */
  GHashTable *changes;  /* type -> IssWitnessed */
  GHashTable *places;   /* type -> URI */
};

static void
witnessed_free (gpointer data)
{
  IssWitnessed *self = data;

  g_free ((char *) self->failure);
  g_free ((char *) self->place);
  g_clear_pointer (&self->sha256, g_bytes_unref);
  g_free (self);
}

static IssWitnessed *
witnessed_new (gint64      at,
               GBytes     *sha256,
               const char *place,
               const char *failure)
{
  IssWitnessed *self = g_new0 (IssWitnessed, 1);

  self->at = at;
  self->sha256 = sha256 != NULL ? g_bytes_ref (sha256) : NULL;
  self->place = g_strdup (place);
  self->failure = failure != NULL ? iss_text_sanitise (failure, -1, MAX_SENTENCE) : NULL;
  return self;
}

/**
 * iss_witness_new:
 *
 * Returns: (transfer full): a witness who has tried nothing
 */
IssWitness *
iss_witness_new (void)
{
  IssWitness *self = g_new0 (IssWitness, 1);

  self->proofs = g_hash_table_new_full (g_bytes_hash, g_bytes_equal,
                                        (GDestroyNotify) g_bytes_unref, witnessed_free);
  self->uses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, witnessed_free);
  self->changes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, witnessed_free);
  self->places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

/**
 * iss_witness_free:
 * @self: (transfer full): a witness
 */
void
iss_witness_free (IssWitness *self)
{
  g_return_if_fail (self != NULL);

  g_hash_table_unref (self->proofs);
  g_hash_table_unref (self->uses);
  g_hash_table_unref (self->changes);
  g_hash_table_unref (self->places);
  g_free (self);
}

/**
 * iss_witness_add_proof:
 * @self: a witness
 * @sha256: a certificate
 * @at: when it was tried, by this program's clock
 * @failure: (nullable): why possession of its key was not proved; %NULL: it was
 *
 * Takes the place of what was known of the certificate's key.
 */
void
iss_witness_add_proof (IssWitness *self,
                       GBytes     *sha256,
                       gint64      at,
                       const char *failure)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (g_bytes_get_size (sha256) == ISS_SHA256_SIZE);

  g_hash_table_replace (self->proofs, g_bytes_ref (sha256),
                        witnessed_new (at, sha256, NULL, failure));
}

/**
 * iss_witness_get_proof:
 * @self: a witness
 * @sha256: a certificate, 32 bytes
 *
 * Returns: (transfer none) (nullable): what came of the last proof; %NULL: there was none
 */
const IssWitnessed *
iss_witness_get_proof (IssWitness   *self,
                       const guint8 *sha256)
{
  g_autoptr(GBytes) key = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (sha256 != NULL, NULL);

  key = g_bytes_new_static (sha256, ISS_SHA256_SIZE);
  return g_hash_table_lookup (self->proofs, key);
}

/**
 * iss_witness_add_use:
 * @self: a witness
 * @type: a certificate type
 * @place: where its service was looked at
 * @at: when, by this program's clock
 * @sha256: (nullable): the certificate that it showed
 * @is_named: whether it only said its thumbprint
 * @failure: (nullable): why it showed none
 *
 * Takes the place of what was known of the type.
 */
void
iss_witness_add_use (IssWitness *self,
                     const char *type,
                     const char *place,
                     gint64      at,
                     GBytes     *sha256,
                     gboolean    is_named,
                     const char *failure)
{
  IssWitnessed *use;

  g_return_if_fail (self != NULL);
  g_return_if_fail (type != NULL && place != NULL);
  g_return_if_fail ((sha256 == NULL) != (failure == NULL));

  use = witnessed_new (at, sha256, place, failure);
  use->is_named = is_named;
  g_hash_table_replace (self->uses, g_strdup (type), use);
}

/**
 * iss_witness_get_use:
 * @self: a witness
 * @type: a certificate type
 *
 * Returns: (transfer none) (nullable): what its service showed last; %NULL: nobody looked
 */
const IssWitnessed *
iss_witness_get_use (IssWitness *self,
                     const char *type)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (type != NULL, NULL);

  return g_hash_table_lookup (self->uses, type);
}

/**
 * iss_witness_add_change:
 * @self: a witness
 * @type: a certificate type
 * @present: (nullable): what it uses now
 * @who: (nullable): who made it so; %NULL: it is not in the log
 * @at: when, by the server's clock; without @who when that was seen, or 0: nobody ever changed it
 *
 * Takes the place of what was known of the type.
 */
void
iss_witness_add_change (IssWitness *self,
                        const char *type,
                        GBytes     *present,
                        const char *who,
                        gint64      at)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (type != NULL);

  g_hash_table_replace (self->changes, g_strdup (type), witnessed_new (at, present, who, NULL));
}

/**
 * iss_witness_get_change:
 * @self: a witness
 * @type: a certificate type
 *
 * Returns: (transfer none) (nullable): what the server's log said; %NULL: it was not asked
 */
const IssWitnessed *
iss_witness_get_change (IssWitness *self,
                        const char *type)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (type != NULL, NULL);

  return g_hash_table_lookup (self->changes, type);
}

/**
 * iss_witness_set_place:
 * @self: a witness
 * @type: a certificate type
 * @place: where its service can be seen, see iss_use_place_parse()
 */
void
iss_witness_set_place (IssWitness *self,
                       const char *type,
                       const char *place)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (type != NULL && place != NULL);

  g_hash_table_replace (self->places, g_strdup (type), g_strdup (place));
}

/**
 * iss_witness_get_place:
 * @self: a witness
 * @type: a certificate type
 *
 * Returns: (transfer none) (nullable): where its service can be seen
 */
const char *
iss_witness_get_place (IssWitness *self,
                       const char *type)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (type != NULL, NULL);

  return g_hash_table_lookup (self->places, type);
}

/**
 * iss_witness_dup_placed_types:
 * @self: a witness
 *
 * Returns: (transfer full): the types whose service can be seen somewhere
 */
char **
iss_witness_dup_placed_types (IssWitness *self)
{
  g_autoptr(GStrvBuilder) types = g_strv_builder_new ();
  GHashTableIter iter;
  gpointer type;

  g_return_val_if_fail (self != NULL, NULL);

  g_hash_table_iter_init (&iter, self->places);
  while (g_hash_table_iter_next (&iter, &type, NULL))
    g_strv_builder_add (types, type);

  return g_strv_builder_end (types);
}
