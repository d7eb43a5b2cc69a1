/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/metadata.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/certificate/certificate.h"
#include "core/certificate/jwk.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <string.h>

#define MAX_DEPTH 16       /* json-glib recurses: what nests deeper never gets there */
#define MAX_KEYS 64
#define MAX_THUMBPRINT 64  /* characters */
#define SHA1_SIZE 20
#define MAX_NUMBER 4096    /* characters */

/* What JSON Web Keys say of the key itself: RFC 7518, section 6. */
static const char *const numbers[] = { "n", "e", "x", "y" };

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

/* (nullable): products spell the names each in their own case: keyvalue, keyValue */
static JsonNode *
get_member (JsonObject *object,
            const char *name)
{
  JsonNode *node = json_object_get_member (object, name);
  g_autoptr(GList) names = NULL;

  if (node != NULL)
    return node;

  names = json_object_get_members (object);
  for (GList *one = names; one != NULL; one = one->next)
    if (g_ascii_strcasecmp (one->data, name) == 0)
      return json_object_get_member (object, one->data);

  return NULL;
}

/* (nullable) */
static const char *
get_string (JsonObject *object,
            const char *name)
{
  JsonNode *node = get_member (object, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING
         ? json_node_get_string (node) : NULL;
}

/* (nullable) */
static JsonObject *
get_object (JsonObject *object,
            const char *name)
{
  JsonNode *node = get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/* (nullable) */
static JsonArray *
get_array (JsonObject *object,
           const char *name)
{
  JsonNode *node = get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

/* (transfer full) (nullable): Base64 of either alphabet, with or without padding */
static guchar *
decode (const char *text,
        gsize       max_length,
        gsize      *out_size)
{
  g_autoptr(GString) base64 = NULL;

  if (text == NULL || strlen (text) > max_length)
    return NULL;

  base64 = g_string_new (text);
  g_string_replace (base64, "-", "+", 0);
  g_string_replace (base64, "_", "/", 0);
  while (base64->len % 4 != 0)
    g_string_append_c (base64, '=');

  return g_base64_decode (base64->str, out_size);
}

/* (transfer full) (nullable): without the zeros in front, which some write and others do not */
static GBytes *
read_number (JsonObject *key,
             const char *name)
{
  gsize size = 0;
  g_autofree guchar *number = decode (get_string (key, name), MAX_NUMBER, &size);
  gsize zeros = 0;

  while (number != NULL && zeros < size && number[zeros] == 0)
    zeros++;

  return number != NULL ? g_bytes_new (number + zeros, size - zeros) : NULL;
}

/* (transfer full) (nullable): what a JSON Web Key of the certificate says */
static JsonParser *
make_jwk (IssCertificate *certificate)
{
  g_autoptr(IssJsonText) json = iss_json_text_new (FALSE);
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_autofree char *text = NULL;

  iss_jwk_write (json, certificate);
  text = iss_json_text_finish (json);

  return json_parser_load_from_data (parser, text, -1, NULL) ? g_steal_pointer (&parser) : NULL;
}

/* Who verifies takes the key that is written beside the certificate: what it names is not what
 * counts unless they are the same. */
static gboolean
is_its_key (JsonObject     *key,
            IssCertificate *certificate)
{
  g_autoptr(JsonParser) parser = make_jwk (certificate);

  for (gsize i = 0; parser != NULL && i < G_N_ELEMENTS (numbers); i++)
    {
      g_autoptr(GBytes) said = read_number (key, numbers[i]);
      g_autoptr(GBytes) own = read_number (json_node_get_object (json_parser_get_root (parser)),
                                           numbers[i]);

      if (said != NULL && (own == NULL || !g_bytes_equal (said, own)))
        return FALSE;
    }

  return TRUE;
}

/* (transfer full) (nullable): a certificate in Base64 */
static IssCertificate *
read_certificate (const char *base64)
{
  g_autofree guchar *der = NULL;
  g_autoptr(GBytes) bytes = NULL;
  gsize size = 0;

  if (base64 == NULL)
    return NULL;

  der = g_base64_decode (base64, &size);
  bytes = g_bytes_new_take (g_steal_pointer (&der), size);

  return iss_certificate_new_from_der (bytes, NULL);
}

/* (transfer full) (nullable): a thumbprint in Base64, of either alphabet */
static GBytes *
read_thumbprint (const char *text,
                 gsize       wanted)
{
  gsize size = 0;
  guchar *hash = decode (text, MAX_THUMBPRINT, &size);

  if (hash != NULL && size == wanted)
    return g_bytes_new_take (hash, size);

  g_free (hash);

  return NULL;
}

/* Keys that are not for signing are passed over. */
static gboolean
signs (JsonObject *key)
{
  const char *usage = get_string (key, "usage");
  const char *use = get_string (key, "use");

  return (usage == NULL || g_ascii_strcasecmp (usage, "signing") == 0)
         && (use == NULL || g_ascii_strcasecmp (use, "sig") == 0);
}

/* (transfer full) (nullable): by its thumbprint; what a token names it by ("kid") is one, too,
 * where nothing else is said */
static GBytes *
read_name (JsonObject *key)
{
  JsonObject *info = get_object (key, "keyinfo");
  GBytes *hash = read_thumbprint (get_string (key, "x5t#S256"), ISS_SHA256_SIZE);

  if (hash == NULL)
    hash = read_thumbprint (get_string (key, "x5t"), SHA1_SIZE);
  if (hash == NULL && info != NULL)
    hash = read_thumbprint (get_string (info, "x5t"), SHA1_SIZE);
  if (hash == NULL)
    hash = read_thumbprint (get_string (key, "kid"), SHA1_SIZE);

  return hash;
}

static void
key_free (gpointer data)
{
  IssMetadataKey *self = data;

  g_bytes_unref (self->hash);
  g_free (self);
}

/* (transfer full) (nullable); takes @hash */
static IssMetadataKey *
key_new (GBytes   *hash,
         gboolean  is_named)
{
  IssMetadataKey *self;

  if (hash == NULL)
    return NULL;

  self = g_new0 (IssMetadataKey, 1);
  self->hash = hash;
  self->is_named = is_named;

  return self;
}

/* (transfer full) (nullable): what one key says of its certificate, the whole of it first */
static IssMetadataKey *
read_key (JsonObject *key,
          gboolean   *out_contradicts)
{
  JsonArray *x5c = get_array (key, "x5c");
  JsonObject *value = get_object (key, "keyvalue");
  JsonNode *first = x5c != NULL && json_array_get_length (x5c) > 0
                    ? json_array_get_element (x5c, 0) : NULL;
  g_autoptr(IssCertificate) certificate = NULL;

  if (first != NULL && json_node_get_value_type (first) == G_TYPE_STRING)
    certificate = read_certificate (json_node_get_string (first));
  if (certificate == NULL && value != NULL)
    certificate = read_certificate (get_string (value, "value"));
  if (certificate == NULL)
    return key_new (read_name (key), TRUE);

  if (is_its_key (key, certificate))
    return key_new (g_bytes_ref (iss_certificate_get_sha256 (certificate)), FALSE);

  *out_contradicts = TRUE;

  return NULL;
}

/**
 * iss_metadata_read:
 * @document: what a service answered
 * @error: return location for an error: %ISS_ERROR_TOO_LARGE, %ISS_ERROR_MALFORMED
 *
 * Returns: (transfer full) (element-type IssMetadataKey): at least one
 */
GPtrArray *
iss_metadata_read (GBytes  *document,
                   GError **error)
{
  g_autoptr(JsonParser) parser = json_parser_new_immutable ();
  g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func (key_free);
  JsonNode *root;
  JsonArray *keys = NULL;
  gboolean contradicts = FALSE;
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
      IssMetadataKey *key = NULL;

      if (JSON_NODE_HOLDS_OBJECT (node) && signs (json_node_get_object (node)))
        key = read_key (json_node_get_object (node), &contradicts);
      if (key != NULL)
        g_ptr_array_add (found, key);
    }

  if (found->len == 0 && contradicts)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                           _("It names a certificate beside a key that is not the certificate's: "
                             "who verifies takes the key"));
      return NULL;
    }

  if (found->len == 0)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                           _("It names no certificate that signs: that is neither metadata/json/1 "
                             "nor a JSON Web Key Set with certificates"));
      return NULL;
    }

  return g_steal_pointer (&found);
}
