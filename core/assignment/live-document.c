/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/live-document.h"

#include "core/base/json-text.h"
#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/certificate/jwk.h"

/* By what partners know the product whose tokens these are; the same on every server. */
#define SERVICE_NAME "00000004-0000-0ff1-ce00-000000000000"

/* In which order those who verify get to see the slots: what signs, what will, what did. */
static const IssSlot order[] = { ISS_SLOT_CURRENT, ISS_SLOT_STAGED, ISS_SLOT_PREVIOUS };

static char *
finish (IssJsonText *json)
{
  g_autofree char *text = iss_json_text_finish (json);

  return g_strconcat (text, "\n", NULL);
}

/* One certificate may be in two slots: staged again. */
static gboolean
is_said (IssCertificate *const *certificates,
         gsize                  index)
{
  for (gsize i = 0; i < index; i++)
    if (certificates[order[i]] != NULL &&
        g_bytes_equal (iss_certificate_get_sha256 (certificates[order[i]]),
                       iss_certificate_get_sha256 (certificates[order[index]])))
      return TRUE;

  return FALSE;
}

/**
 * iss_live_document_dup_jwks:
 * @certificates: (array fixed-size=3) (element-type IssCertificate): for each slot, or %NULL
 *
 * Returns: (transfer full): a JSON Web Key Set (RFC 7517, section 5)
 */
char *
iss_live_document_dup_jwks (IssCertificate *const *certificates)
{
  g_autoptr(IssJsonText) json = iss_json_text_new (TRUE);

  g_return_val_if_fail (certificates != NULL, NULL);

  iss_json_text_begin_object (json);
  iss_json_text_name (json, "keys");
  iss_json_text_begin_array (json);
  for (gsize i = 0; i < G_N_ELEMENTS (order); i++)
    if (certificates[order[i]] != NULL && !is_said (certificates, i))
      iss_jwk_write (json, certificates[order[i]]);
  iss_json_text_end_array (json);
  iss_json_text_end_object (json);

  return finish (json);
}

static void
write_slot (IssJsonText    *json,
            IssSlot         slot,
            IssCertificate *certificate)
{
  gsize size;
  gconstpointer sha1;
  g_autofree char *thumbprint = NULL;
  g_autofree char *x5t = NULL;
  g_autofree char *not_after = NULL;

  iss_json_text_name (json, iss_slot_get_name (slot));
  if (certificate == NULL)
    {
      iss_json_text_null (json);
      return;
    }

  sha1 = g_bytes_get_data (iss_certificate_get_sha1 (certificate), &size);
  thumbprint = iss_text_hex (sha1, size, TRUE);
  x5t = iss_jwk_dup_x5t (certificate);
  not_after = iss_time_text_iso (iss_certificate_get_not_after (certificate));

  iss_json_text_begin_object (json);
  iss_json_text_name_string (json, "sha256", iss_certificate_get_sha256_hex (certificate));
  iss_json_text_name_string (json, "thumbprint", thumbprint);
  iss_json_text_name_string (json, "x5t", x5t);
  iss_json_text_name_string (json, "notAfter", not_after);
  iss_json_text_end_object (json);
}

static void
write_key (IssJsonText    *json,
           IssCertificate *certificate)
{
  g_autofree char *x5t = iss_jwk_dup_x5t (certificate);
  g_autofree char *value = iss_jwk_dup_x5c (certificate);

  iss_json_text_begin_object (json);
  iss_json_text_name_string (json, "usage", "signing");
  iss_json_text_name (json, "keyinfo");
  iss_json_text_begin_object (json);
  iss_json_text_name_string (json, "x5t", x5t);
  iss_json_text_end_object (json);
  iss_json_text_name (json, "keyvalue");
  iss_json_text_begin_object (json);
  iss_json_text_name_string (json, "type", "x509Certificate");
  iss_json_text_name_string (json, "value", value);
  iss_json_text_end_object (json);
  iss_json_text_end_object (json);
}

/* What partners read, in the shape of metadata/json/1. Realm "*": the server does not know its
 * pool's SIP domains. */
static void
write_partner_part (IssJsonText           *json,
                    IssCertificate *const *certificates)
{
  iss_json_text_name_string (json, "version", "1.0");
  iss_json_text_name_string (json, "name", "Issuant");
  iss_json_text_name_string (json, "realm", "*");
  iss_json_text_name_string (json, "serviceName", SERVICE_NAME);
  iss_json_text_name_string (json, "issuer", SERVICE_NAME "@*");
  iss_json_text_name (json, "allowedAudiences");
  iss_json_text_begin_array (json);
  iss_json_text_string (json, SERVICE_NAME "@*");
  iss_json_text_end_array (json);
  iss_json_text_name (json, "keys");
  iss_json_text_begin_array (json);
  for (gsize i = 0; i < G_N_ELEMENTS (order); i++)
    if (certificates[order[i]] != NULL && !is_said (certificates, i))
      write_key (json, certificates[order[i]]);
  iss_json_text_end_array (json);
}

/**
 * iss_live_document_dup_metadata:
 * @assignment: what a type uses
 * @certificates: (array fixed-size=3) (element-type IssCertificate): for each slot, or %NULL
 *
 * What iss_made_folder_read_revision() reads stands first. Of a type that issues tokens there is
 * also what partners fetch as metadata/json/1.
 *
 * Returns: (transfer full): metadata.json
 */
char *
iss_live_document_dup_metadata (const IssAssignment   *assignment,
                                IssCertificate *const *certificates)
{
  g_autoptr(IssJsonText) json = iss_json_text_new (TRUE);

  g_return_val_if_fail (assignment != NULL, NULL);
  g_return_val_if_fail (certificates != NULL, NULL);

  iss_json_text_begin_object (json);
  iss_json_text_name_integer (json, "format", 1);
  iss_json_text_name_string (json, "type", assignment->type->name);
  iss_json_text_name_integer (json, "revision", (gint64) assignment->revision);
  iss_json_text_name_string (json, "scope", assignment->scope);
  if (assignment->type->token_lifetime > 0)
    write_partner_part (json, certificates);
  for (guint i = 0; i < ISS_N_SLOTS; i++)
    write_slot (json, (IssSlot) i, certificates[i]);
  iss_json_text_end_object (json);

  return finish (json);
}
