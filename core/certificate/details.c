/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/certificate/details.h"

#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/certificate/details-extension.h"
#include "core/certificate/details-name.h"
#include "core/certificate/oid-name.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <string.h>

/* RFC 5280 has 16; nobody uses more than a few dozen. */
#define MAX_EXTENSIONS 256
#define MAX_PROPERTIES 64
#define MAX_SERIAL_SIZE 1024

/**
 * IssDetails:
 *
 * Everything there is in one certificate and known about it, as fields that
 * people read.
 *
 * Making it never fails: what cannot be decoded is shown as the bytes that are
 * there, with a note, because a certificate that is odd is one that somebody
 * wants to look at.
 */
struct _IssDetails
{
  GObject     parent_instance;

  /* Owned */
  GPtrArray  *fields;      /* (element-type IssDetailsField) */
  GPtrArray  *purposes;    /* (element-type utf8) */
};

G_DEFINE_FINAL_TYPE (IssDetails, iss_details, G_TYPE_OBJECT)

static void
field_free (gpointer data)
{
  IssDetailsField *field = data;

  g_free ((char *) field->name);
  g_free ((char *) field->label);
  g_free ((char *) field->oid);
  g_free ((char *) field->value);
  g_free ((char *) field->text);
  g_free ((char *) field->whole);
  g_free ((char *) field->note);
  g_free (field);
}

static void
iss_details_finalize (GObject *object)
{
  IssDetails *self = ISS_DETAILS (object);

  g_clear_pointer (&self->fields, g_ptr_array_unref);
  g_clear_pointer (&self->purposes, g_ptr_array_unref);

  G_OBJECT_CLASS (iss_details_parent_class)->finalize (object);
}

static void
iss_details_class_init (IssDetailsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = iss_details_finalize;
}

static void
iss_details_init (IssDetails *self)
{
  self->fields = g_ptr_array_new_with_free_func (field_free);
  self->purposes = g_ptr_array_new_with_free_func (g_free);
}

static IssDetailsField *
add_field (IssDetails     *self,
           IssDetailsKind  kind,
           const char     *name,
           const char     *label,
           IssDetailsText *text)
{
  IssDetailsField *field = g_new0 (IssDetailsField, 1);

  field->name = g_strdup (name);
  field->label = g_strdup (label);
  field->oid = g_strdup ("");
  field->value = iss_details_text_dup_summary (text);
  field->text = iss_details_text_dup_shown (text);
  field->whole = iss_details_text_dup_whole (text);
  field->kind = kind;
  g_ptr_array_add (self->fields, field);

  return field;
}

static void
add_line (IssDetails     *self,
          IssDetailsKind  kind,
          const char     *name,
          const char     *label,
          const char     *line)
{
  g_autoptr(IssDetailsText) text = iss_details_text_new ();

  if (line[0] != '\0')
    iss_details_text_add (text, 0, line);
  add_field (self, kind, name, label, text);
}

static void
add_name (IssDetails      *self,
          const char      *name,
          const char      *label,
          const X509_NAME *value)
{
  g_autoptr(IssDetailsText) text = iss_details_text_new ();
  g_autofree char *summary = iss_details_name_dup_values (value);

  iss_details_name_add_x500 (text, 0, value);
  iss_details_text_set_summary (text, summary);
  if (iss_details_text_get_n_lines (text) == 0)
    {
      iss_details_text_add (text, 0, _("(empty)"));
      iss_details_text_set_summary (text, _("(empty)"));
    }

  add_field (self, ISS_DETAILS_VERSION_1, name, label, text);
}

static void
add_validity (IssDetails *self,
              const char *name,
              const char *label,
              gint64      instant,
              GTimeZone  *zone)
{
  g_autoptr(IssDetailsText) text = iss_details_text_new ();
  g_autofree char *local = iss_time_text_instant (instant, zone);
  g_autofree char *iso = iss_time_text_iso (instant);

  iss_details_text_add (text, 0, local);
  iss_details_text_add (text, 0, iso);
  iss_details_text_set_summary (text, local);
  add_field (self, ISS_DETAILS_VERSION_1, name, label, text);
}

static char *
dup_serial (const ASN1_INTEGER *serial)
{
  gsize size = (gsize) MAX (ASN1_STRING_length (serial), 0);
  g_autofree char *hex = iss_text_hex (ASN1_STRING_get0_data (serial),
                                       MIN (size, MAX_SERIAL_SIZE), FALSE);

  return g_strconcat (ASN1_STRING_type (serial) == V_ASN1_NEG_INTEGER ? "-" : "", hex, NULL);
}

static const char *
key_word (int nid)
{
  switch (nid)
    {
    case NID_rsaEncryption:
      return "RSA";

    case NID_X9_62_id_ecPublicKey:
      return "ECDSA";

    case NID_dsa:
      return "DSA";

    default:
      return NULL;
    }
}

/* "sha256RSA" and "sha256", as the snap-in has them; else the OID's own word. */
static void
add_signature (IssDetails *self,
               X509       *x509)
{
  const X509_ALGOR *algorithm = X509_get0_tbs_sigalg (x509);
  const ASN1_OBJECT *object = NULL;
  g_autoptr(IssDetailsText) text = iss_details_text_new ();
  g_autofree char *oid = NULL;
  g_autofree char *word = NULL;
  g_autofree char *hash = NULL;
  int hash_nid = NID_undef;
  int key_nid = NID_undef;
  int nid;

  X509_ALGOR_get0 (&object, NULL, NULL, algorithm);
  oid = iss_details_name_dup_oid (object);
  nid = OBJ_obj2nid (object);

  if (X509_get_signature_info (x509, &hash_nid, &key_nid, NULL, NULL) != 1)
    OBJ_find_sigid_algs (nid, &hash_nid, &key_nid);
  ERR_clear_error ();

  if (hash_nid != NID_undef)
    hash = g_ascii_strdown (OBJ_nid2sn (hash_nid), -1);

  if (nid == NID_rsassaPss)
    word = g_strdup ("RSASSA-PSS");
  else if (hash != NULL && key_word (key_nid) != NULL)
    word = g_strconcat (hash, key_word (key_nid), NULL);
  else if (nid != NID_undef)
    word = g_strdup (OBJ_nid2ln (nid));
  else
    word = g_strdup (oid);

  iss_details_text_add (text, 0, word);
  if (strcmp (word, oid) != 0)
    iss_details_text_add (text, 0, oid);
  iss_details_text_set_summary (text, word);
  add_field (self, ISS_DETAILS_VERSION_1, "signature-algorithm", _("Signature algorithm"), text);

  add_line (self, ISS_DETAILS_VERSION_1, "signature-hash-algorithm",
            _("Signature hash algorithm"), hash != NULL ? hash : "");
}

static void
add_public_key (IssDetails     *self,
                IssCertificate *certificate)
{
  X509_PUBKEY *public_key = X509_get_X509_PUBKEY (iss_certificate_get_x509 (certificate));
  const unsigned char *key = NULL;
  X509_ALGOR *algorithm = NULL;
  const ASN1_OBJECT *object = NULL;
  const void *value = NULL;
  g_autoptr(IssDetailsText) text = iss_details_text_new ();
  g_autoptr(IssDetailsText) parameters = iss_details_text_new ();
  g_autofree char *summary = NULL;
  int kind = V_ASN1_UNDEF;
  int length = 0;

  X509_PUBKEY_get0_param (NULL, &key, &length, &algorithm, public_key);
  X509_ALGOR_get0 (&object, &kind, &value, algorithm);

  if (iss_certificate_get_key_bits (certificate) > 0)
    summary = g_strdup_printf (_("%s (%u Bits)"), iss_certificate_get_key_algorithm (certificate),
                               iss_certificate_get_key_bits (certificate));
  else
    summary = g_strdup (iss_certificate_get_key_algorithm (certificate));

  iss_details_text_add_hex (text, 0, key, (gsize) MAX (length, 0));
  iss_details_text_set_summary (text, summary);
  add_field (self, ISS_DETAILS_VERSION_1, "public-key", _("Public key"), text);

  if (kind == V_ASN1_OBJECT)
    {
      g_autofree char *oid = iss_details_name_dup_oid (value);
      int nid = OBJ_obj2nid (value);
      g_autofree char *line =
        iss_details_name_dup_labelled (nid != NID_undef ? OBJ_nid2sn (nid) : NULL, oid);

      iss_details_text_add (parameters, 0, line);
    }
  else if (kind == V_ASN1_NULL)
    {
      iss_details_text_add (parameters, 0, "05 00");
    }
  else if (kind == V_ASN1_SEQUENCE)
    {
      iss_details_text_add_hex (parameters, 0, ASN1_STRING_get0_data (value),
                                (gsize) MAX (ASN1_STRING_length (value), 0));
    }

  if (iss_details_text_get_n_lines (parameters) > 0)
    add_field (self, ISS_DETAILS_VERSION_1, "public-key-parameters", _("Public key parameters"),
               parameters);

  ERR_clear_error ();
}

static void
add_unique_id (IssDetails            *self,
               const char            *name,
               const char            *label,
               const ASN1_BIT_STRING *id)
{
  g_autoptr(IssDetailsText) text = NULL;

  if (id == NULL)
    return;

  text = iss_details_text_new ();
  iss_details_text_add_hex (text, 0, ASN1_STRING_get0_data (id),
                            (gsize) MAX (ASN1_STRING_length (id), 0));
  add_field (self, ISS_DETAILS_VERSION_1, name, label, text);
}

static void
add_version_1 (IssDetails     *self,
               IssCertificate *certificate,
               GTimeZone      *zone)
{
  X509 *x509 = iss_certificate_get_x509 (certificate);
  const ASN1_BIT_STRING *issuer_id = NULL;
  const ASN1_BIT_STRING *subject_id = NULL;
  g_autofree char *version = g_strdup_printf ("V%ld", X509_get_version (x509) + 1);
  g_autofree char *serial = dup_serial (X509_get0_serialNumber (x509));

  X509_get0_uids (x509, &issuer_id, &subject_id);

  add_line (self, ISS_DETAILS_VERSION_1, "version", _("Version"), version);
  add_line (self, ISS_DETAILS_VERSION_1, "serial-number", _("Serial number"), serial);
  add_signature (self, x509);
  add_name (self, "issuer", _("Issuer"), X509_get_issuer_name (x509));
  add_validity (self, "valid-from", _("Valid from"), iss_certificate_get_not_before (certificate),
                zone);
  add_validity (self, "valid-to", _("Valid to"), iss_certificate_get_not_after (certificate),
                zone);
  add_name (self, "subject", _("Subject"), X509_get_subject_name (x509));
  add_public_key (self, certificate);
  add_unique_id (self, "issuer-unique-id", _("Issuer unique identifier"), issuer_id);
  add_unique_id (self, "subject-unique-id", _("Subject unique identifier"), subject_id);
}

static void
add_extension (IssDetails     *self,
               X509_EXTENSION *extension)
{
  const ASN1_OCTET_STRING *string = X509_EXTENSION_get_data (extension);
  gconstpointer data = ASN1_STRING_get0_data (string);
  gsize size = (gsize) MAX (ASN1_STRING_length (string), 0);
  g_autofree char *oid = iss_details_name_dup_oid (X509_EXTENSION_get_object (extension));
  const char *word = iss_oid_name_get_extension (oid);
  g_autoptr(IssDetailsText) text = iss_details_text_new ();
  const char *note = NULL;
  gboolean is_raw = !iss_details_extension_decode (oid, data, size, text);
  IssDetailsField *field;

  if (is_raw)
    {
      g_clear_pointer (&text, iss_details_text_free);
      text = iss_details_text_new ();
      iss_details_text_add_dump (text, data, size);
      if (iss_details_extension_is_known (oid))
        note = _("This extension is not what its type says: its bytes are shown as they are");
    }
  else
    {
      note = iss_details_text_get_fault (text);
      if (iss_details_text_get_n_lines (text) == 0)
        iss_details_text_add (text, 0, _("(empty)"));
    }

  field = add_field (self, ISS_DETAILS_EXTENSION, "extension", word != NULL ? word : oid, text);
  g_free ((char *) field->oid);
  field->oid = g_steal_pointer (&oid);
  field->note = g_strdup (note);
  field->is_raw = is_raw;
  field->critical = X509_EXTENSION_get_critical (extension) == 1;
}

static void
add_extensions (IssDetails *self,
                X509       *x509)
{
  int n = X509_get_ext_count (x509);

  for (int i = 0; i < MIN (n, MAX_EXTENSIONS); i++)
    add_extension (self, X509_get_ext (x509, i));

  if (n > MAX_EXTENSIONS)
    {
      g_autofree char *line = g_strdup_printf (_("%d more extensions are not shown"),
                                               n - MAX_EXTENSIONS);

      add_line (self, ISS_DETAILS_EXTENSION, "more-extensions", "…", line);
    }
}

static void
add_properties (IssDetails               *self,
                IssCertificate           *certificate,
                const IssDetailsProperty *properties,
                guint                     n_properties)
{
  g_autofree char *sha1 = iss_text_thumbprint (iss_certificate_get_sha1 (certificate));
  g_autofree char *sha256 = iss_text_thumbprint (iss_certificate_get_sha256 (certificate));
  g_autofree char *key = iss_text_thumbprint (iss_certificate_get_spki_sha256 (certificate));

  add_line (self, ISS_DETAILS_PROPERTY, "thumbprint-algorithm", _("Thumbprint algorithm"), "sha1");
  add_line (self, ISS_DETAILS_PROPERTY, "thumbprint", _("Thumbprint"), sha1);
  add_line (self, ISS_DETAILS_PROPERTY, "sha256", _("Thumbprint (SHA-256)"), sha256);
  add_line (self, ISS_DETAILS_PROPERTY, "key-identifier", _("Key identifier (SHA-256)"), key);

  for (guint i = 0; i < MIN (n_properties, MAX_PROPERTIES); i++)
    add_line (self, ISS_DETAILS_PROPERTY, properties[i].name, properties[i].label,
              properties[i].value);
}

static void
read_purposes (IssDetails *self,
               X509       *x509)
{
  g_autoptr(EXTENDED_KEY_USAGE) usages = X509_get_ext_d2i (x509, NID_ext_key_usage, NULL, NULL);

  ERR_clear_error ();

  for (int i = 0; i < MIN (sk_ASN1_OBJECT_num (usages), MAX_PROPERTIES); i++)
    g_ptr_array_add (self->purposes, iss_details_name_dup_oid (sk_ASN1_OBJECT_value (usages, i)));
}

/**
 * iss_details_new:
 * @certificate: a certificate
 * @properties: (array length=n_properties) (nullable): what else is known about
 *   it: friendly name, intent, …; those without a value too, if they should be seen
 * @n_properties: their number, at most 64
 * @zone: (nullable): the reader's time zone; %NULL is UTC
 *
 * Reads everything in @certificate. What its issuer wrote is shown without
 * invisible characters; nothing in it is an error.
 *
 * Returns: (transfer full): the details
 */
IssDetails *
iss_details_new (IssCertificate           *certificate,
                 const IssDetailsProperty *properties,
                 guint                     n_properties,
                 GTimeZone                *zone)
{
  IssDetails *self;
  X509 *x509;

  g_return_val_if_fail (ISS_IS_CERTIFICATE (certificate), NULL);
  g_return_val_if_fail (properties != NULL || n_properties == 0, NULL);

  self = g_object_new (ISS_TYPE_DETAILS, NULL);
  x509 = iss_certificate_get_x509 (certificate);

  add_version_1 (self, certificate, zone);
  add_extensions (self, x509);
  add_properties (self, certificate, properties, n_properties);
  read_purposes (self, x509);

  return self;
}

/**
 * iss_details_get_n_fields:
 * @self: details
 *
 * Returns: the number of fields
 */
guint
iss_details_get_n_fields (IssDetails *self)
{
  g_return_val_if_fail (ISS_IS_DETAILS (self), 0);

  return self->fields->len;
}

/**
 * iss_details_get_field:
 * @self: details
 * @index: which one: first those of version 1, then extensions in the
 *   certificate's order, then properties
 *
 * Returns: (transfer none): the field
 */
const IssDetailsField *
iss_details_get_field (IssDetails *self,
                       guint       index)
{
  g_return_val_if_fail (ISS_IS_DETAILS (self), NULL);
  g_return_val_if_fail (index < self->fields->len, NULL);

  return g_ptr_array_index (self->fields, index);
}

/**
 * iss_details_find:
 * @self: details
 * @name_or_oid: the name of a field, or the OID of an extension
 *
 * Returns: (transfer none) (nullable): the first such field
 */
const IssDetailsField *
iss_details_find (IssDetails *self,
                  const char *name_or_oid)
{
  g_return_val_if_fail (ISS_IS_DETAILS (self), NULL);
  g_return_val_if_fail (name_or_oid != NULL, NULL);

  for (guint i = 0; i < self->fields->len; i++)
    {
      const IssDetailsField *field = g_ptr_array_index (self->fields, i);

      if (strcmp (field->name, name_or_oid) == 0 || strcmp (field->oid, name_or_oid) == 0)
        return field;
    }

  return NULL;
}

/**
 * iss_details_dup_purposes:
 * @self: details
 *
 * Returns: (transfer full) (array zero-terminated=1): what the certificate is
 *   intended for, in words where there are some, at most 64; empty if it does
 *   not say, which allows everything (RFC 5280 section 4.2.1.12)
 */
char **
iss_details_dup_purposes (IssDetails *self)
{
  g_autoptr(GStrvBuilder) builder = NULL;

  g_return_val_if_fail (ISS_IS_DETAILS (self), NULL);

  builder = g_strv_builder_new ();
  for (guint i = 0; i < self->purposes->len; i++)
    {
      const char *oid = g_ptr_array_index (self->purposes, i);
      const char *word = iss_oid_name_get_purpose (oid);

      g_strv_builder_add (builder, word != NULL ? word : oid);
    }

  return g_strv_builder_end (builder);
}

/**
 * iss_details_field_is_shown:
 * @field: a field
 * @show: what is to be shown
 *
 * Returns: whether @field belongs to it
 */
gboolean
iss_details_field_is_shown (const IssDetailsField *field,
                            IssDetailsShow         show)
{
  g_return_val_if_fail (field != NULL, FALSE);

  switch (show)
    {
    case ISS_DETAILS_SHOW_ALL:
      return TRUE;

    case ISS_DETAILS_SHOW_VERSION_1:
      return field->kind == ISS_DETAILS_VERSION_1;

    case ISS_DETAILS_SHOW_EXTENSIONS:
      return field->kind == ISS_DETAILS_EXTENSION;

    case ISS_DETAILS_SHOW_CRITICAL:
      return field->kind == ISS_DETAILS_EXTENSION && field->critical;

    case ISS_DETAILS_SHOW_PROPERTIES:
      return field->kind == ISS_DETAILS_PROPERTY;

    case ISS_DETAILS_N_SHOWS:
      break;
    }

  g_return_val_if_reached (FALSE);
}
