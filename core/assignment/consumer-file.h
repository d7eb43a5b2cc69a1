/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/assignment/consumer.h"

G_BEGIN_DECLS

/* Root's configuration: what uses the certificates of this server. A group a consumer:
 *
 *   [nginx]
 *   type=Default
 *   account=www-data
 *   unit=nginx.service
 */

#define ISS_CONSUMER_FILE_ROOT "/var/lib/issuant"
#define ISS_CONSUMER_FILE_PATH "/etc/issuant/consumers.conf"
/* Of a root folder of one's own (--root): below it. */
#define ISS_CONSUMER_FILE_OWN "consumers/consumers.conf"
#define ISS_CONSUMER_FILE_MAX 64

/* (element-type IssConsumer): none if there is no file */
GPtrArray  *iss_consumer_file_load   (const char  *root_path,
                                      GError     **error) G_GNUC_WARN_UNUSED_RESULT;
char       *iss_consumer_file_dup_path (const char *root_path) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray  *iss_consumer_file_parse  (const char  *path,
                                      const char  *text,
                                      gsize        size,
                                      GError     **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
