/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/formats/pfx-writer.h"

G_BEGIN_DECLS

typedef enum
{
  ISS_EXPORT_PFX,   /* with its private key, always; the others never */
  ISS_EXPORT_DER,
  ISS_EXPORT_PEM,   /* Base-64 */
  ISS_EXPORT_P7B,
  ISS_EXPORT_SST    /* with the friendly name */
} IssExportFormat;

/**
 * IssExportOptions:
 *
 * How a certificate is exported. Those for PFX files are not looked at for others.
 */
typedef struct
{
  IssExportFormat format;
  gboolean        include_chain;   /* not for DER, which holds one certificate */
  IssPfxProfile   profile;
  gboolean        privacy;         /* PFX: certificates encrypted, too */
  gboolean        properties;      /* PFX: the friendly name goes along */
  gboolean        delete_key;      /* PFX: refuse if DeleteKey would */
  gboolean        what_if;
} IssExportOptions;

/* AES256-SHA256, with chain, privacy and properties: what is right for the other servers */
void         iss_export_options_init           (IssExportOptions        *self);
gboolean     iss_export_options_check          (const IssExportOptions  *self,
                                                GError                 **error);

gboolean     iss_export_options_parse_format   (const char              *name,
                                                IssExportFormat         *out_format,
                                                GError                 **error);
const char  *iss_export_options_format_name    (IssExportFormat          format);   /* "pfx" */
const char  *iss_export_options_format_label   (IssExportFormat          format);   /* translated */
const char  *iss_export_options_format_suffix  (IssExportFormat          format);   /* ".pfx" */
gboolean     iss_export_options_parse_profile  (const char              *name,
                                                IssPfxProfile           *out_profile,
                                                GError                 **error);
const char  *iss_export_options_profile_name   (IssPfxProfile            profile);
/* who can read it, a sentence */
const char  *iss_export_options_profile_readers (IssPfxProfile           profile);

/* floating a{sv} */
GVariant    *iss_export_options_to_variant     (const IssExportOptions  *self);
gboolean     iss_export_options_from_variant   (IssExportOptions        *self,
                                                GVariant                *options,
                                                GError                 **error);

G_END_DECLS
