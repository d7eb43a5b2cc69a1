/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/metadata.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/certificate/certificate.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <string.h>

#define MAX_DEPTH 16       /* json-glib recurses: what nests deeper never gets there */
#define MAX_KEYS 64
#define MAX_THUMBPRINT 64  /* characters */
#define SHA1_SIZE 20

static gboolean
is_shallow (const char *text,
            gsize       size)
{
  gboolean in_string = FALSE;
  int depth = 0;

  for (gsize i = 0; i < size; i++)
    {
      if (in_string && text[i] == '\\')
        i++;
      else if (text[i] == '"')
        in_string = !in_string;
      else if (!in_string && (text[i] == '[' || text[i] == '{') && ++depth > MAX_DEPTH)
        return FALSE;
      else if (!in_string && (text[i] == ']' || text[i] == '}'))
        depth--;
    }

  return TRUE;
}

/* (nullable) */
static const char *
get_string (JsonObject *object,
            const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING
         ? json_node_get_string (node) : NULL;
}

/* (nullable) */
static JsonObject *
get_object (JsonObject *object,
            const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/* (nullable) */
static JsonArray *
get_array (JsonObject *object,
           const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

/* (transfer full) (nullable): the SHA-256 of a certificate in Base64 */
static GBytes *
hash_certificate (const char *base64)
{
  g_autofree guchar *der = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(IssCertificate) certificate = NULL;
  gsize size = 0;

  if (base64 == NULL)
    return NULL;

  der = g_base64_decode (base64, &size);
  bytes = g_bytes_new_take (g_steal_pointer (&der), size);
  certificate = iss_certificate_new_from_der (bytes, NULL);

  return certificate != NULL ? g_bytes_ref (iss_certificate_get_sha256 (certificate)) : NULL;
}

/* (transfer full) (nullable): a thumbprint in Base64, of either alphabet */
static GBytes *
read_thumbprint (const char *text,
                 gsize       wanted)
{
  g_autoptr(GString) base64 = NULL;
  guchar *hash;
  gsize size = 0;

  if (text == NULL || strlen (text) > MAX_THUMBPRINT)
    return NULL;

  base64 = g_string_new (text);
  g_string_replace (base64, "-", "+", 0);
  g_string_replace (base64, "_", "/", 0);
  while (base64->len % 4 != 0)
    g_string_append_c (base64, '=');

  hash = g_base64_decode (base64->str, &size);
  if (size != wanted)
    {
      g_free (hash);
      return NULL;
    }

  return g_bytes_new_take (hash, size);
}

/* Keys that are not for signing are passed over. */
static gboolean
signs (JsonObject *key)
{
  const char *usage = get_string (key, "usage");
  const char *use = get_string (key, "use");

  return (usage == NULL || strcmp (usage, "signing") == 0)
         && (use == NULL || strcmp (use, "sig") == 0);
}

/* (transfer full) (nullable): what one key says of its certificate, the whole of it first */
static GBytes *
read_key (JsonObject *key)
{
  JsonArray *x5c = get_array (key, "x5c");
  JsonObject *value = get_object (key, "keyvalue");
  JsonObject *info = get_object (key, "keyinfo");
  JsonNode *first = x5c != NULL && json_array_get_length (x5c) > 0
                    ? json_array_get_element (x5c, 0) : NULL;
  GBytes *hash = NULL;

  if (first != NULL && json_node_get_value_type (first) == G_TYPE_STRING)
    hash = hash_certificate (json_node_get_string (first));
  if (hash == NULL && value != NULL)
    hash = hash_certificate (get_string (value, "value"));
  if (hash == NULL)
    hash = read_thumbprint (get_string (key, "x5t#S256"), ISS_SHA256_SIZE);
  if (hash == NULL)
    hash = read_thumbprint (get_string (key, "x5t"), SHA1_SIZE);
  if (hash == NULL && info != NULL)
    hash = read_thumbprint (get_string (info, "x5t"), SHA1_SIZE);

  return hash;
}

/**
 * iss_metadata_read:
 * @document: what a service answered
 * @error: return location for an error: %ISS_ERROR_TOO_LARGE, %ISS_ERROR_MALFORMED
 *
 * Returns: (transfer full) (element-type GBytes): at least one hash
 */
GPtrArray *
iss_metadata_read (GBytes  *document,
                   GError **error)
{
  g_autoptr(JsonParser) parser = json_parser_new_immutable ();
  g_autoptr(GPtrArray) hashes = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  JsonNode *root;
  JsonArray *keys = NULL;
  const char *text;
  gsize size;

  g_return_val_if_fail (document != NULL, NULL);

  text = g_bytes_get_data (document, &size);
  if (size > ISS_METADATA_MAX_BYTES)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE, _("It is larger than %d KiB"),
                   ISS_METADATA_MAX_BYTES / 1024);
      return NULL;
    }

  if (size == 0 || !g_utf8_validate (text, (gssize) size, NULL) || !is_shallow (text, size)
      || !json_parser_load_from_data (parser, text, (gssize) size, NULL))
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED, _("It is not JSON"));
      return NULL;
    }

  root = json_parser_get_root (parser);
  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    keys = get_array (json_node_get_object (root), "keys");

  for (guint i = 0; keys != NULL && i < MIN (json_array_get_length (keys), MAX_KEYS); i++)
    {
      JsonNode *node = json_array_get_element (keys, i);
      GBytes *hash = NULL;

      if (JSON_NODE_HOLDS_OBJECT (node) && signs (json_node_get_object (node)))
        hash = read_key (json_node_get_object (node));
      if (hash != NULL)
        g_ptr_array_add (hashes, hash);
    }

  if (hashes->len == 0)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                           _("It names no certificate that signs: that is neither metadata/json/1 "
                             "nor a JSON Web Key Set with certificates"));
      return NULL;
    }

  return g_steal_pointer (&hashes);
}
