/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/private-key.h"
#include "core/formats/bundle.h"
#include "core/store/properties.h"
#include "core/store/root-folder.h"
#include "core/store/store-name.h"

G_BEGIN_DECLS

/**
 * IssExportSource:
 *
 * What leaves a server when one of its certificates is exported or copied.
 */
typedef struct
{
  IssCertificate *certificate;
  GPtrArray      *chain;           /* (element-type IssCertificate): it first */
  IssPrivateKey  *key;             /* (nullable): once it was asked for */
  char           *friendly_name;   /* (nullable) */
  char           *note;            /* (nullable): what is wrong with the chain, a sentence */
} IssExportSource;

/* ISS_N_STORES = any */
gboolean    iss_export_source_load       (IssExportSource  *self,
                                          IssRootFolder    *root,
                                          IssStoreName      store,
                                          GBytes           *sha256,
                                          gboolean          include_chain,
                                          gint64            now,
                                          GError          **error);
/* refuses what may not leave */
gboolean    iss_export_source_load_key   (IssExportSource  *self,
                                          IssRootFolder    *root,
                                          GError          **error);
IssBundle  *iss_export_source_dup_bundle (IssExportSource  *self,
                                          gboolean          with_names) G_GNUC_WARN_UNUSED_RESULT;
void        iss_export_source_clear      (IssExportSource  *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (IssExportSource, iss_export_source_clear)

G_END_DECLS
