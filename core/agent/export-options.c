/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/export-options.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/agent/agent-wire.h"
#include "core/base/error.h"

static const struct
{
  const char *name;
  const char *label;
  const char *suffix;
} formats[] =
{
  [ISS_EXPORT_PFX] = { "pfx", N_("Personal Information Exchange - PKCS #12 (.PFX)"), ".pfx" },
  [ISS_EXPORT_DER] = { "der", N_("DER encoded binary X.509 (.CER)"), ".cer" },
  [ISS_EXPORT_PEM] = { "pem", N_("Base-64 encoded X.509 (.CER)"), ".cer" },
  [ISS_EXPORT_P7B] = { "p7b", N_("Cryptographic Message Syntax Standard - PKCS #7 (.P7B)"),
                       ".p7b" },
  [ISS_EXPORT_SST] = { "sst", N_("Microsoft Serialized Certificate Store (.SST)"), ".sst" },
};

/* Who reads what: Microsoft's page on PKCS12_PBES2_EXPORT_PARAMS. */
static const struct
{
  const char *name;
  const char *readers;
} profiles[] =
{
  [ISS_PFX_PROFILE_AES256_SHA256] =
    {
      "aes256-sha256",
      N_("Windows 10 version 1709, Windows Server 2019 and later, and Issuant can read it. "
         "Windows Server 2016 cannot: it says that the password is wrong."),
    },
  [ISS_PFX_PROFILE_TRIPLEDES_SHA1] =
    {
      "tripledes-sha1",
      N_("Every Windows can read it, Windows Server 2016 and older, too. The protection is "
         "weak: choose a long password, and delete the file when it is imported."),
    },
};

/**
 * iss_export_options_init:
 * @self: options
 *
 * Sets them to what is right for the other servers of a pool: a PFX file with everything.
 */
void
iss_export_options_init (IssExportOptions *self)
{
  g_return_if_fail (self != NULL);

  *self = (IssExportOptions)
    {
      .format = ISS_EXPORT_PFX,
      .include_chain = TRUE,
      .profile = ISS_PFX_PROFILE_AES256_SHA256,
      .privacy = TRUE,
      .properties = TRUE,
    };
}

/**
 * iss_export_options_check:
 * @self: options
 * @error: return location for an error: %ISS_ERROR_INVALID_ARGUMENT
 *
 * Returns: whether they go together
 */
gboolean
iss_export_options_check (const IssExportOptions  *self,
                          GError                 **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->format == ISS_EXPORT_DER && self->include_chain)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("A DER file holds one certificate: choose Base-64 or PKCS #7 for "
                             "the certification path"));
      return FALSE;
    }

  if (self->format != ISS_EXPORT_PFX && self->delete_key)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("The private key can only be deleted after it was exported, in a "
                             "PFX file"));
      return FALSE;
    }

  return TRUE;
}

/**
 * iss_export_options_parse_format:
 * @name: "pfx", "der", "pem", "p7b" or "sst"
 * @out_format: (out): the format
 * @error: return location for an error
 *
 * Returns: whether there is such a format
 */
gboolean
iss_export_options_parse_format (const char       *name,
                                 IssExportFormat  *out_format,
                                 GError          **error)
{
  g_return_val_if_fail (name != NULL, FALSE);

  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      if (strcmp (formats[i].name, name) == 0)
        {
          *out_format = (IssExportFormat) i;
          return TRUE;
        }
    }

  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                       _("The format of an export is pfx, der, pem, p7b or sst"));
  return FALSE;
}

/**
 * iss_export_options_format_name:
 * @format: a format
 *
 * Returns: its name, for the shell and the wire
 */
const char *
iss_export_options_format_name (IssExportFormat format)
{
  return formats[format].name;
}

/**
 * iss_export_options_format_label:
 * @format: a format
 *
 * Returns: its name as the wizard says it, translated
 */
const char *
iss_export_options_format_label (IssExportFormat format)
{
  return _(formats[format].label);
}

/**
 * iss_export_options_format_suffix:
 * @format: a format
 *
 * Returns: how names of such files end
 */
const char *
iss_export_options_format_suffix (IssExportFormat format)
{
  return formats[format].suffix;
}

/**
 * iss_export_options_parse_profile:
 * @name: "aes256-sha256" or "tripledes-sha1"
 * @out_profile: (out): the profile
 * @error: return location for an error
 *
 * Returns: whether there is such a profile
 */
gboolean
iss_export_options_parse_profile (const char     *name,
                                  IssPfxProfile  *out_profile,
                                  GError        **error)
{
  g_return_val_if_fail (name != NULL, FALSE);

  for (gsize i = 0; i < G_N_ELEMENTS (profiles); i++)
    {
      if (strcmp (profiles[i].name, name) == 0)
        {
          *out_profile = (IssPfxProfile) i;
          return TRUE;
        }
    }

  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                       _("The encryption of a PFX file is aes256-sha256 or tripledes-sha1"));
  return FALSE;
}

/**
 * iss_export_options_profile_name:
 * @profile: a profile
 *
 * Returns: its name, for the shell and the wire
 */
const char *
iss_export_options_profile_name (IssPfxProfile profile)
{
  return profiles[profile].name;
}

/**
 * iss_export_options_profile_readers:
 * @profile: a profile
 *
 * Returns: who can read such a file, translated
 */
const char *
iss_export_options_profile_readers (IssPfxProfile profile)
{
  return _(profiles[profile].readers);
}

/**
 * iss_export_options_to_variant:
 * @self: options
 *
 * Returns: (transfer floating): an a{sv}, as Export takes it
 */
GVariant *
iss_export_options_to_variant (const IssExportOptions *self)
{
  GVariantDict dict;

  g_return_val_if_fail (self != NULL, NULL);

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "format", "s", formats[self->format].name);
  g_variant_dict_insert (&dict, "include-chain", "b", self->include_chain);
  g_variant_dict_insert (&dict, "encryption", "s", profiles[self->profile].name);
  g_variant_dict_insert (&dict, "privacy", "b", self->privacy);
  g_variant_dict_insert (&dict, "properties", "b", self->properties);
  g_variant_dict_insert (&dict, "delete-key", "b", self->delete_key);
  g_variant_dict_insert (&dict, "what-if", "b", self->what_if);
  return g_variant_dict_end (&dict);
}

/**
 * iss_export_options_from_variant:
 * @self: where they go; not changed on failure
 * @options: an a{sv} from outside; what is not in it is off
 * @error: return location for an error: %ISS_ERROR_INVALID_ARGUMENT
 *
 * Returns: whether they can be done
 */
gboolean
iss_export_options_from_variant (IssExportOptions  *self,
                                 GVariant          *options,
                                 GError           **error)
{
  IssExportOptions read = { 0 };
  const char *format = "pfx";
  const char *encryption = "aes256-sha256";

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (g_variant_is_of_type (options, G_VARIANT_TYPE_VARDICT), FALSE);

  g_variant_lookup (options, "format", "&s", &format);
  g_variant_lookup (options, "encryption", "&s", &encryption);
  read.include_chain = iss_agent_wire_get_boolean (options, "include-chain");
  read.privacy = iss_agent_wire_get_boolean (options, "privacy");
  read.properties = iss_agent_wire_get_boolean (options, "properties");
  read.delete_key = iss_agent_wire_get_boolean (options, "delete-key");
  read.what_if = iss_agent_wire_get_boolean (options, "what-if");

  if (!iss_export_options_parse_format (format, &read.format, error) ||
      !iss_export_options_parse_profile (encryption, &read.profile, error) ||
      !iss_export_options_check (&read, error))
    return FALSE;

  *self = read;
  return TRUE;
}
